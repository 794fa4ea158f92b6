import type { PolicyChangeView } from '../control-plane/policy-change-view.js'
import { columns } from './columns.js'
import { inert } from './inert.js'
import type { Output, Paint } from './output.js'

/** A change of policies, for people: each policy as it was and as it would be. */
export function renderPolicyChange(change: PolicyChangeView, paint: Paint): string {
  const lines = [
    `${paint.bold(change.id)}  ${paintState(change.state, paint)}`,
    `  proposed by ${change.author}, ${change.proposed_at}${change.note ? `: ${change.note}` : ''}`,
    `  from ${change.base_digest}`,
    `  to   ${change.digest}`,
    change.loosens ? `  loosens, so ${change.people} of ${change.group} have to agree:` : '  only tightens',
    ...change.reasons.map((reason) => `    ${reason}`),
    ...change.agreements.map(
      ({ person, vote, reason, at, counts }) =>
        `  ${vote} by ${person}, ${at}${reason ? `: ${reason}` : ''}${counts ? '' : ' (does not count: no longer of the group)'}`,
    ),
  ]
  for (const { id, text_before, text_after } of change.differences) {
    lines.push('', paint.bold(`  ${id}`))
    if (text_before !== null) lines.push(...text_before.split('\n').map((line) => paint.red(`  - ${line}`)))
    if (text_after !== null) lines.push(...text_after.split('\n').map((line) => paint.green(`  + ${line}`)))
  }
  return lines.join('\n')
}

export function renderPolicyChanges(changes: readonly PolicyChangeView[], paint: Paint): string {
  if (changes.length === 0) return paint.dim('No changes.')
  const rows = changes.map((change) => [
    change.id,
    change.state,
    `${agreedOn(change)}/${change.people}`,
    change.author,
    change.proposed_at,
    change.note,
  ])
  return columns([['CHANGE', 'STATE', 'AGREED', 'AUTHOR', 'PROPOSED', 'NOTE'], ...rows], (text, row, column) => {
    if (row === 0) return paint.dim(text)
    return column === 1 ? paintState(text, paint) : text
  })
}

/** Says how a change goes on that waits. */
export function tellNext(output: Output, shown: PolicyChangeView): void {
  const change = inert(shown)
  const missing = change.people - agreedOn(change)
  if (change.state === 'waiting')
    output.say(
      `It waits for ${missing} more of ${change.group}: \`exq policy agree ${change.id}\` or \`exq policy object ${change.id}\`.`,
    )
  else if (change.state === 'agreed')
    output.say('It is in force: `exq policy log`. Approvals that waited are asked for anew.')
  else if (change.state === 'outdated') output.say('Another set came into force first: `exq policy propose` it again.')
}

function agreedOn({ agreements }: PolicyChangeView): number {
  return agreements.filter(({ vote, counts }) => vote === 'agree' && counts).length
}

function paintState(state: string, paint: Paint): string {
  if (state === 'waiting') return paint.cyan(state)
  return state === 'agreed' ? paint.green(state) : paint.yellow(state)
}
