import type { Check } from '../evidence.js'
import { askedSteps, groupBy, subjectKey } from '../lookup.js'

/** I2: at most one effect for what was asked for once, and one undo of it, but for what a person ordered anew. */
export const once: Check = (evidence) => {
  const asked = askedSteps(evidence)
  const lines = groupBy(evidence.books, ({ kind, tenant, subject, of }) =>
    kind === 'effect' ? `effect ${subjectKey(tenant, subject)}` : `undo ${subjectKey(tenant, subject)} of ${of}`,
  )
  return [...lines].flatMap(([about, found]) => {
    const first = found[0]
    const step = first && asked.get(subjectKey(first.tenant, first.subject))
    const ordered = new Set(
      evidence.orders
        .filter(
          (order) =>
            order.kind === 'ordering' &&
            order.choice === 'attempt-again' &&
            order.tenant === first?.tenant &&
            order.action_id === step?.action_id &&
            order.step === step?.id,
        )
        .map(({ at }) => at),
    ).size
    if (found.length <= 1 + ordered) return []
    const detail = `${found.length} times, ${1 + ordered} ordered; at ${found.map(({ at }) => at).join(', ')}`
    return [{ invariant: 'I2' as const, sort: 'duplicated' as const, about, detail }]
  })
}
