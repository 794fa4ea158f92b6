import type { ApprovalView } from '../control-plane/approval-view.js'
import { tellMoney } from '../domain/money.js'
import { printable } from '../domain/printable.js'
import type { Rendering } from '../domain/rendered.js'
import { readRendering } from '../domain/rendering.js'

type Asked = Pick<ApprovalView, 'rendering' | 'target'>

/** In one line what would happen, with the amount and the target in it. */
export function whatIsAsked(approval: Asked): string {
  const rendering = readRendering(approval.rendering)
  if (!rendering) return printable(`On ${approval.target}`)
  const headline = printable(rendering.headline.text)
  const said = headline.toLowerCase()
  const missing = [amountOf(rendering), targetOf(rendering)].filter(
    (text) => text !== null && !said.includes(text.toLowerCase()),
  )
  return [headline, ...missing].join(', ')
}

/** Amount and target, for a question: `$900.00 on Invoice in_1`. */
export function amountAndTarget(approval: Asked): string {
  const rendering = readRendering(approval.rendering)
  if (!rendering) return printable(`this, on ${approval.target}`)
  return `${amountOf(rendering) ?? 'this,'} on ${targetOf(rendering)}`
}

/** Who asks, and for whom. */
export function whoAsks(approval: Asked): string {
  const asks = readRendering(approval.rendering)?.asks
  if (!asks) return ''
  return printable(`${asks.agent}${asks.on_behalf_of ? ` for ${asks.on_behalf_of}` : ''}`)
}

function amountOf({ amount }: Rendering): string | null {
  return amount && printable(tellMoney(amount))
}

function targetOf({ target }: Rendering): string {
  return printable(target.text)
}
