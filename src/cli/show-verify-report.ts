import type { VerifiedLine, VerifyReport } from '../verify/guarantee.js'
import type { Paint } from './output.js'

/** One guarantee, and what came of it. */
export function renderLine({ guarantee, name, result, seen }: VerifiedLine, paint: Paint): string {
  const mark = {
    holds: paint.green('holds         '),
    'does not hold': paint.red('DOES NOT HOLD '),
    'not applicable': paint.dim('not applicable'),
  }[result]
  return `  ${guarantee.padEnd(3)}  ${mark}  ${name}${seen === null ? '' : `\n                         ${paint.dim(seen)}`}`
}

/** How many there were, what was left out, and what nobody can check so. */
export function renderVerifyEnd({ tools, not_checked, lines, failed, cannot_check, seconds }: VerifyReport): string {
  const without = lines.filter(({ result }) => result === 'not applicable').length
  const held = lines.length - failed.length - without
  return [
    '',
    'This cannot tell:',
    ...cannot_check.map((each) => `  ${each}`),
    '',
    `Tried with ${tools.join(', ')}${not_checked.length > 0 ? `; not with ${not_checked.join(', ')}, without a check` : ''}.`,
    `${held} hold, ${failed.length} do not hold, ${without} not applicable (${seconds} s)`,
  ].join('\n')
}
