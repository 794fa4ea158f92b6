import type { Check } from '../evidence.js'
import { askedSteps, groupBy, subjectKey, takenOrders } from '../lookup.js'

/** I2: at most one effect for what was asked for once, and one undo of it, but for what a person had ordered anew before. */
export const once: Check = (evidence) => {
  const asked = askedSteps(evidence)
  const orders = takenOrders(evidence.orders).filter(({ choice }) => choice === 'attempt-again')
  const lines = groupBy(evidence.books, ({ kind, tenant, subject, of }) =>
    kind === 'effect' ? `effect ${subjectKey(tenant, subject)}` : `undo ${subjectKey(tenant, subject)} of ${of}`,
  )
  return [...lines].flatMap(([about, found]) => {
    const first = found[0]
    const step = first && asked.get(subjectKey(first.tenant, first.subject))
    const ordered = orders.filter(
      (order) => order.tenant === first?.tenant && order.action_id === step?.action_id && order.step === step?.id,
    )
    const before = (line: { readonly at: number }) => ordered.filter(({ at }) => at <= line.at).length
    if (found.every((line, index) => index <= before(line))) return []
    const detail = `${found.length} times, ${1 + ordered.length} ordered; at ${found.map(({ at }) => at).join(', ')}`
    return [{ invariant: 'I2' as const, sort: 'duplicated' as const, about, detail }]
  })
}
