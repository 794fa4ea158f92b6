import type { TrailEntry, TrailView } from '../control-plane/read-trail.js'
import type { Paint } from './output.js'
import { renderAction } from './show-action.js'

/** The story of an action, oldest first. */
export function renderTrail({ action, entries, sealed }: TrailView, paint: Paint): string {
  const width = Math.max(0, ...entries.map(({ stage }) => stage.length))
  const lines = entries.flatMap((entry) => [
    `${paint.dim(entry.at)}  ${paint.cyan(entry.stage.padEnd(width))}  ${entry.what}`,
    ...factsOf(entry).map(
      ([name, fact]) => `${' '.repeat(entry.at.length + width + 6)}${paint.dim(`${name}:`)} ${fact}`,
    ),
  ])
  const seals = sealed.map(
    ({ seq, run_id, digest, history_digest, at }) =>
      `  ${at}  number ${seq} of the chain: run ${run_id}, history ${history_digest}, seal ${digest}`,
  )
  return [
    renderAction(action, paint),
    '',
    ...lines,
    '',
    ...(seals.length > 0 ? [paint.dim('Sealed'), ...seals] : [paint.dim('Not sealed yet.')]),
  ].join('\n')
}

/** What there is to tell; digests of long standing belong to `-o json`. */
function factsOf({ facts }: TrailEntry): [string, string][] {
  return Object.entries(facts)
    .filter(([name, fact]) => !hidden.has(name) && !isEmpty(fact))
    .map(([name, fact]) => [name.replaceAll('_', ' '), typeof fact === 'string' ? fact : JSON.stringify(fact)])
}

const hidden = new Set([
  'contract_digest',
  'agent',
  'tool',
  'workflow_id',
  'run_id',
  'policy_digest',
  'input_digest',
  'args_digest',
  'contracts',
  'key_id',
  'digest',
])

function isEmpty(fact: unknown): boolean {
  return fact === null || fact === undefined || fact === '' || (Array.isArray(fact) && fact.length === 0)
}
