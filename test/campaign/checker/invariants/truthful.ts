import type { BookedLine, Check, Evidence, FinalLine, Violation } from '../evidence.js'
import { type Asked, askedSteps, groupBy, subjectKey, takenBack, takenOrders } from '../lookup.js'

interface Truth {
  readonly asked: Asked
  /** Effects of what was asked for, those of another amount, and those undone. */
  readonly effects: number
  readonly others: number
  readonly undone: number
}

const nothingHappened = ['failed', 'denied', 'rejected', 'expired', 'cancelled']

const slackMs = 1_000

/**
 * I4: what we say of an action and of each step is what the downstream's books show; nothing ends as expired before its
 * time, nothing succeeds whose cancellation was taken, and nothing needs an attention that nobody was asked for.
 */
export const truthful: Check = (evidence) => [
  ...againstBooks(evidence),
  ...expiredEarly(evidence),
  ...wrongOnCancellation(evidence),
]

const expiredEarly: Check = ({ claims, rules }) =>
  claims.actions.flatMap(({ tenant, id, outcome, admitted_at, ended_at }) => {
    const ms = (ended_at ?? 0) - admitted_at
    const early = outcome === 'expired' && ms < rules.approval_ttl_ms - slackMs
    return early ? [untruthful(subjectKey(tenant, id), `expired after ${ms} ms`)] : []
  })

// The code says that it had ended.
const tooLate = { status: 409, code: 'EXQ-6003' }

/** A cancellation is taken, or comes too late and is told so. Without an answer, or with one to ask again, nobody knows. */
const wrongOnCancellation: Check = ({ clients, final }) => {
  const at = new Map(final.map((line) => [subjectKey(line.tenant, line.action_id), line]))
  const succeeded = [...takenBack(clients).keys()]
    .filter((about) => at.get(about)?.outcome === 'succeeded')
    .map((about) => untruthful(about, 'succeeded, but its cancellation was taken'))
  const answered = clients.flatMap((line) => {
    if (line.kind !== 'cancelled' || line.status == null || [200, 429].includes(line.status) || line.status >= 500)
      return []
    const about = subjectKey(line.tenant, line.action_id)
    const { status, code } = line
    if (status !== tooLate.status || code !== tooLate.code)
      return [untruthful(about, `its cancellation was answered ${status} ${code}`)]
    return at.get(about)?.outcome === null ? [untruthful(about, 'is open, but was said to have ended')] : []
  })
  return [...succeeded, ...answered]
}

const againstBooks: Check = (evidence) => {
  const booked = groupBy(evidence.books, ({ tenant, subject }) => subjectKey(tenant, subject))
  const accepted = acceptedBy(evidence)
  const decided = new Set(
    takenOrders(evidence.orders).map(({ tenant, action_id, step }) => stepKey(tenant, action_id, step)),
  )
  const attended = new Set(
    evidence.claims.attentions.map(({ tenant, action_id, step }) => stepKey(tenant, action_id, step)),
  )
  const byAction = groupBy([...askedSteps(evidence).values()], ({ tenant, action_id }) =>
    subjectKey(tenant, action_id ?? ''),
  )
  return evidence.final.flatMap((line) => {
    const about = subjectKey(line.tenant, line.action_id)
    const truths = (byAction.get(about) ?? []).map((asked) =>
      truthOf(asked, booked.get(subjectKey(asked.tenant, asked.subject)) ?? [], accepted),
    )
    return [...lies(line, truths), ...stepLies(line, truths), ...nobodyAsked(line, attended, decided)].map((detail) =>
      untruthful(about, detail),
    )
  })
}

function untruthful(about: string, detail: string): Violation {
  return { invariant: 'I4', sort: 'untruthful', about, detail }
}

/** Steps whose effect a person looked at and took for what was asked for, as their own journals say. */
function acceptedBy({ orders }: Evidence): ReadonlySet<string> {
  return new Set(
    takenOrders(orders)
      .filter(({ choice }) => choice === 'happened' || choice === 'compensate')
      .map((order) => stepKey(order.tenant, order.action_id, order.step)),
  )
}

function stepKey(tenant: string, action_id: string | null, step: string): string {
  return [tenant, action_id, step].join(' ')
}

function truthOf(asked: Asked, lines: readonly BookedLine[], accepted: ReadonlySet<string>): Truth {
  const undos = new Set(lines.filter(({ kind }) => kind === 'undo').map(({ of }) => of))
  const effects = lines.filter(({ kind }) => kind === 'effect')
  const takenFor = accepted.has(stepKey(asked.tenant, asked.action_id, asked.id))
  const wanted = effects.filter(({ amount }) => takenFor || amount === asked.amount).length
  return {
    asked,
    effects: wanted,
    others: effects.length - wanted,
    undone: effects.filter(({ id }) => undos.has(id)).length,
  }
}

function lies({ outcome, waits }: FinalLine, truths: readonly Truth[]): string[] {
  const left = ({ effects, others, undone }: Truth) => effects + others - undone
  if (outcome === null) return waits === null ? ['it is open, and nobody is asked'] : []
  if (outcome === 'succeeded')
    return truths
      .filter((truth) => truth.effects < 1 || left(truth) < 1)
      .map(({ asked }) => `succeeded, but ${asked.subject} did not happen`)
  if (outcome === 'compensated')
    return truths.filter((truth) => left(truth) > 0).map(({ asked }) => `compensated, but ${asked.subject} stands`)
  if (nothingHappened.includes(outcome))
    return truths
      .filter(({ effects, others }) => effects + others > 0)
      .map(({ asked }) => `${outcome}, but ${asked.subject} happened`)
  return outcome === 'needs-attention' ? [] : [`${outcome} is no ending that is known`]
}

/**
 * What needs attention has asked for it: somebody was told of a step that, as is said, stands or is in doubt, or of which they
 * decided that it did not happen, be it after the action had ended.
 */
function nobodyAsked(
  { tenant, action_id, outcome, steps }: FinalLine,
  attended: ReadonlySet<string>,
  decided: ReadonlySet<string>,
): string[] {
  if (outcome !== 'needs-attention') return []
  const left = steps
    .filter(({ status }) => !['undone', 'skipped', 'waiting'].includes(status))
    .map(({ id, effect }) => ({ effect, key: stepKey(tenant, action_id, id) }))
    .filter(({ effect, key }) => effect !== 'not-committed' || decided.has(key))
  const asked = left.some(({ key }) => attended.has(key))
  return asked ? [] : ['needs-attention, but nobody was asked about what is left']
}

function stepLies(line: FinalLine, truths: readonly Truth[]): string[] {
  return truths.flatMap((truth) => {
    const said = line.steps.find(({ id }) => id === truth.asked.id)
    const happened = truth.effects + truth.others > 0
    const lie = (words: string) => [`${truth.asked.id} ${words}: ${truth.asked.subject}`]
    if (!said) return []
    if (said.status === 'undone' && truth.undone === 0) return lie('is said to be undone')
    if (said.status === 'skipped' && happened) return lie('is said to be skipped')
    if (said.effect === 'committed' && truth.effects === 0) return lie('is said to have happened')
    if (said.effect === 'not-committed' && happened) return lie('is said not to have happened')
    return []
  })
}
