import type { AttentionReason } from '../../domain/attention.js'
import { countAttentions } from '../../ledger/queries/count-attentions.js'
import { listAttentions } from '../../ledger/queries/list-attentions.js'
import { admittedFor } from '../admitted-for.js'
import type { Caller, ControlPlane } from '../control-plane.js'
import { cursorAfter, type Page, parseCursor } from '../cursor.js'
import { requirePerson } from '../require-person.js'
import { type AttentionView, viewAttention } from './attention-view.js'

export interface AttentionListing {
  /** What others decide on as well. */
  readonly all: boolean
  readonly reason?: AttentionReason | undefined
  readonly tool?: string | undefined
  readonly older_than?: number | undefined
  readonly cursor?: string | undefined
  readonly limit: number
}

export interface AttentionPage extends Page<AttentionView> {
  /** Of the whole tenant, whoever decides on it. */
  readonly open: number
  /** How long the oldest of them has waited; null where there is none. */
  readonly oldest_seconds: number | null
}

/** What is open and for the caller to decide on, oldest first. Throws `EXQ-2002` for anybody but a person. */
export async function listAttention(
  plane: ControlPlane,
  caller: Caller,
  { all, reason, tool, older_than, cursor, limit }: AttentionListing,
): Promise<AttentionPage> {
  requirePerson(caller, 'decide')
  const after = parseCursor(cursor)
  const rows = await listAttentions(plane.pool, {
    tenant: caller.tenant,
    limit: limit + 1,
    after: after && { opened_at: after.admitted_at, id: after.id },
    reason,
    tool,
    olderThanMs: older_than === undefined ? undefined : older_than * 1_000,
  })
  const page = rows.slice(0, limit)
  const items = page.flatMap((record) => {
    const row = record.attentions.find(({ id }) => id === record.attention_id)
    if (!row) return []
    const view = viewAttention(plane, admittedFor(plane, caller, record), row, caller.principal.principal)
    return view.state === 'open' && (all || view.your_resolution.may) ? [view] : []
  })
  const last = page.at(-1)
  const more = rows.length > limit && last
  return {
    items,
    next: more ? cursorAfter({ admitted_at: last.opened_at, id: last.attention_id }) : null,
    ...(await countAttentions(plane.pool, caller.tenant)),
  }
}
