import { createHash } from 'node:crypto'
import type { Check, Claims, Violation } from '../evidence.js'
import { askedSteps, effectsIn, groupBy, subjectKey } from '../lookup.js'

/** I9: the chain of trails holds, every effect has its entries, that of the approval it took among them, and histories replay. */
export const traced: Check = (evidence) => [
  ...brokenChains(evidence.claims),
  ...withoutEntries(evidence),
  ...evidence.histories
    .filter(({ replays }) => !replays)
    .map(({ workflow_id, detail }) => wrong(workflow_id, `its history does not replay: ${detail}`)),
]

function brokenChains({ trails }: Claims): Violation[] {
  return [...groupBy(trails, ({ tenant }) => tenant)].flatMap(([tenant, rows]) => {
    let previous = 'sha256:0'
    const problems: Violation[] = []
    for (const [index, row] of rows.toSorted((one, other) => one.seq - other.seq).entries()) {
      const { seq, action_id, run_id, history_digest } = row
      const link = { action_id, history_digest, previous: row.previous, run_id, seq, tenant }
      if (seq !== index + 1) problems.push(wrong(`${tenant}/${seq}`, 'a link is missing before it'))
      if (row.previous !== previous) problems.push(wrong(`${tenant}/${seq}`, 'it does not name the link before it'))
      if (sha256(row.history) !== history_digest) problems.push(wrong(`${tenant}/${seq}`, 'its history is another'))
      if (sha256(JSON.stringify(link)) !== row.digest) problems.push(wrong(`${tenant}/${seq}`, 'its digest is another'))
      previous = row.digest
    }
    return problems
  })
}

const withoutEntries: Check = (evidence) => {
  const { books, claims, rules } = evidence
  const asked = askedSteps(evidence)
  const used = new Set(claims.consumptions.map((row) => [row.tenant, row.action_id, row.step].join(' ')))
  const intents = groupBy(claims.intents, ({ idempotency_key }) => idempotency_key)
  const attempts = groupBy(claims.attempts, callOf)
  return effectsIn(books).flatMap((effect) => {
    const [intent] = intents.get(effect.key ?? '') ?? []
    if (!intent) return [wrong(effect.subject, 'the ledger has no intent for it')]
    if (intent.intended_at > effect.received_at) return [wrong(effect.subject, 'its intent came after it')]
    if (!attempts.has(callOf(intent))) return [wrong(effect.subject, 'the ledger has no attempt for it')]
    const step = asked.get(subjectKey(effect.tenant, effect.subject))
    const agreed = step !== undefined && step.amount >= rules.tiers.one
    const known = used.has([intent.tenant, intent.action_id, intent.step].join(' '))
    return agreed && !known ? [wrong(effect.subject, 'the ledger does not have that its approval was used up')] : []
  })
}

function callOf(row: { tenant: string; action_id: string; step: string; phase: string; generation: number }): string {
  return [row.tenant, row.action_id, row.step, row.phase, row.generation].join(' ')
}

function sha256(text: string): string {
  return `sha256:${createHash('sha256').update(text).digest('hex')}`
}

function wrong(about: string, detail: string): Violation {
  return { invariant: 'I9', sort: 'other', about, detail }
}
