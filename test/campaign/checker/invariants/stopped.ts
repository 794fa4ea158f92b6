import type { Check, Violation } from '../evidence.js'
import { askedSteps, subjectKey, takenBack } from '../lookup.js'

const slackMs = 1_000

/**
 * I12: once a stop is acknowledged, nothing new of what it stops begins until it is ended; once a cancellation is, no
 * further step of the action does.
 */
export const stopped: Check = (evidence) => [...afterStop(evidence), ...afterCancellation(evidence)]

const afterCancellation: Check = ({ clients, claims }) =>
  [...takenBack(clients)].flatMap(([about, at]) =>
    claims.intents
      // What a person orders anew is of a later generation.
      .filter(({ phase, generation }) => phase === 'execute' && generation === 0)
      .filter((row) => subjectKey(row.tenant, row.action_id) === about && row.intended_at > at)
      .map(({ action_id, step }) => wrong(action_id, `an intent for ${step} after its cancellation was acknowledged`)),
  )

const afterStop: Check = (evidence) => {
  const asked = askedSteps(evidence)
  return evidence.faults.flatMap((stop) => {
    if (stop.kind !== 'stop') return []
    const outrunUntil = stop.at + evidence.rules.call_timeout_ms + slackMs
    const intents = evidence.claims.intents
      .filter(({ tenant, tool, phase }) => tenant === stop.tenant && tool === stop.tool && phase === 'execute')
      .filter(({ intended_at }) => intended_at > stop.at && intended_at < stop.until)
      .map(({ action_id }) => wrong(action_id, `an intent for ${stop.tool} after its stop was acknowledged`))
    const sent = evidence.requests
      .filter(({ kind }) => kind === 'request')
      .filter(({ tenant = '', subject, received_at = 0 }) => {
        const tool = asked.get(subjectKey(tenant, subject))?.tool
        return tenant === stop.tenant && tool === stop.tool && received_at > outrunUntil && received_at < stop.until
      })
      .map(({ subject }) => wrong(subject, `sent through ${stop.tool} while it was stopped`))
    return [...intents, ...sent]
  })
}

function wrong(about: string, detail: string): Violation {
  return { invariant: 'I12', sort: 'unauthorised', about, detail }
}
