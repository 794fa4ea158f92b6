import type { Result } from './attack.js'

/** Rows of threats, name, attempts and successes, in columns. */
export function line({ rows, name, attempts, successes, error, seconds, remarks }: Result): string {
  const numbers = `${String(attempts).padStart(8)} ${String(successes).padStart(9)}`
  const head = `${rows.join(' ').padEnd(14).slice(0, 30)} ${name.padEnd(92)} ${numbers} ${seconds.toFixed(1).padStart(6)} s`
  const said = [...(error ? [`error: ${error}`] : []), ...remarks.map((remark) => `success: ${remark}`)]
  return [head, ...said.map((text) => `    ${text}`)].join('\n')
}

export const heading = `${'rows'.padEnd(14)} ${'attack'.padEnd(92)} attempts successes   time`

export function summary(results: readonly Result[]): string {
  const sum = (of: (result: Result) => number) => results.reduce((all, result) => all + of(result), 0)
  const errors = results.filter(({ error }) => error !== null).length
  const attempts = sum((result) => result.attempts)
  const successes = sum((result) => result.successes)
  const failed = errors > 0 ? `; ${errors} could not be carried out` : ''
  return `${results.length} attacks, ${attempts} attempts, ${successes} successes${failed}.`
}

export function safe(results: readonly Result[]): boolean {
  return results.length > 0 && results.every(({ error, successes }) => error === null && successes === 0)
}
