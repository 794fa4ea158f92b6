import type { Risk } from '../../domain/contract.js'
import type { Money } from '../../domain/money.js'
import { printable } from '../../domain/printable.js'
import { readRendering } from '../../domain/rendering.js'
import type { Delivery } from '../../notify/channel.js'
import { viewApproval } from '../approval-view.js'
import { viewAttention } from '../attention/attention-view.js'
import type { ControlPlane } from '../control-plane.js'
import { loadNoticed } from './load-noticed.js'

/** What a notice says to a machine: what it is about, in one line that is safe to show, and where people decide. */
export interface NoticeDescription {
  readonly headline: string
  readonly risk: Risk | null
  readonly amount: Money | null
  /** ISO 8601; null where nothing expires. */
  readonly expires_at: string | null
  /**
   * `waiting`, `approved`, `rejected`, `expired`, `cancelled`, `stale` ... of an approval request; `open`, `decided` or `settled`
   * of an attention.
   */
  readonly state: string
  readonly link: string | null
}

const longest = 200

/** As things stand now, or did when it was closed. Throws where the ledger does not know what it is about. */
export async function describeNotice(
  plane: ControlPlane,
  {
    tenant,
    action_id,
    about,
    notice,
    closed_as,
  }: Pick<Delivery, 'tenant' | 'action_id' | 'about' | 'notice' | 'closed_as'>,
): Promise<NoticeDescription> {
  const noticed = await loadNoticed(plane, { tenant, action_id, about: about.id })
  if (noticed?.attention) {
    const view = viewAttention(plane, noticed.admitted, noticed.attention, '')
    const { risk, amount, title, resource } = view
    const state = closed_as ?? view.state
    const link = `${plane.inbox.publicUrl}/inbox/attention/${view.id}`
    return { headline: inert(`${title}: ${resource}`), risk, amount, expires_at: null, state, link }
  }
  if (!noticed?.approval) throw new Error(`${about.id} is not known`)
  const view = viewApproval(plane, noticed.admitted, noticed.approval, '')
  const { expires_at } = view
  // What is closed and looks as if it waited was approved: what it asked for has not begun.
  const state = closed_as ?? (notice === 'closed' && view.state === 'waiting' ? 'approved' : view.state)
  const link = view.links.inbox
  const rendering = readRendering(view.rendering)
  // Sealed before there were descriptions.
  if (!rendering)
    return { headline: 'Something waits for a decision', risk: null, amount: null, expires_at, state, link }
  const { headline, risk, amount } = rendering
  return { headline: inert(headline.text), risk, amount, expires_at, state, link }
}

function inert(text: string): string {
  const shown = [...printable(text)]
  return shown.length > longest ? `${shown.slice(0, longest).join('')}...` : shown.join('')
}
