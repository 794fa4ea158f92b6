import type { Check, Evidence, RequestLine, Violation } from '../evidence.js'
import { groupBy } from '../lookup.js'

const slackMs = 1_000

/**
 * I11: no request was sent without an attempt that was in the ledger before it; and while the ledger was gone, none but
 * those whose attempt was there already.
 */
export const failClosed: Check = (evidence) => [...unwritten(evidence), ...duringOutage(evidence)]

const sentIn = ({ requests }: Evidence): RequestLine[] => requests.filter(({ kind }) => kind === 'request')
const momentOf = ({ received_at, at }: RequestLine): number => received_at ?? at

const unwritten: Check = (evidence) => {
  const keyOf = new Map(
    evidence.claims.intents.map((row) => [
      [row.tenant, row.action_id, row.step, row.phase, row.generation].join(' '),
      row.idempotency_key,
    ]),
  )
  const attempts = groupBy(
    evidence.claims.attempts,
    (row) => keyOf.get([row.tenant, row.action_id, row.step, row.phase, row.generation].join(' ')) ?? '',
  )
  return [...groupBy(sentIn(evidence), ({ key }) => key ?? '')].flatMap(([key, sent]) => {
    const written = (attempts.get(key) ?? []).map(({ attempted_at }) => attempted_at).sort((a, b) => a - b)
    const inOrder = sent.toSorted((one, other) => momentOf(one) - momentOf(other))
    const early = inOrder.find((request, index) => (written[index] ?? Number.POSITIVE_INFINITY) > momentOf(request))
    return early ? [wrong(early.subject, `sent ${sent.length} times, with ${written.length} attempts written`)] : []
  })
}

const duringOutage: Check = (evidence) =>
  evidence.faults.flatMap((fault) => {
    if (fault.kind !== 'outage' || fault.of !== 'postgres') return []
    const from = fault.at + evidence.rules.call_timeout_ms + slackMs
    return sentIn(evidence)
      .filter((request) => momentOf(request) > from && momentOf(request) < fault.until)
      .map(({ subject }) => wrong(subject, 'sent while the ledger was gone'))
  })

function wrong(about: string, detail: string): Violation {
  return { invariant: 'I11', sort: 'unauthorised', about, detail }
}
