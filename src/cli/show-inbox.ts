import type { ApprovalView } from '../control-plane/approval-view.js'
import { columns } from './columns.js'
import { inert } from './inert.js'
import type { Paint } from './output.js'
import { paintRisk } from './show-approval.js'
import { tellDuration } from './tell-duration.js'
import { cutTo, textWidth } from './text-width.js'
import { whatIsAsked, whoAsks } from './what-is-asked.js'

export interface InboxOptions {
  readonly nowMs: number
  /** Columns there are, for what is told of each to be cut to; without it lines stay whole and end in the id. */
  readonly width?: number
}

/** What waits, a line each below a head: what would happen, who asks, since when and how long it can wait. */
export function inboxLines(approvals: readonly ApprovalView[], paint: Paint, options: InboxOptions): string[] {
  const { nowMs, width } = options
  const rows = approvals.map((approval) => {
    const { id, risk, flags, sealed_at, expires_at, votes } = inert(approval)
    const given = votes.filter(({ vote, counts }) => vote === 'approve' && counts).length
    const waits = tellDuration(nowMs - Date.parse(sealed_at))
    const left = tellDuration(Date.parse(expires_at) - nowMs)
    const what = `${flags.length > 0 ? '! ' : ''}${whatIsAsked(approval)}${given > 0 ? ` (${given} approved)` : ''}`
    return [risk, what, whoAsks(approval), waits, left, ...(width === undefined ? [id] : [])]
  })
  const all = [
    ['RISK', 'WHAT', 'ASKED BY', 'WAITS', 'EXPIRES IN', ...(width === undefined ? ['APPROVAL'] : [])],
    ...rows,
  ]
  return columns(width === undefined ? all : fitted(all, width), (text, row, column) => {
    if (row === 0) return paint.dim(text)
    const { risk } = approvals[row - 1] ?? {}
    return column === 0 && risk ? paintRisk(risk, paint) : column === 5 ? paint.dim(text) : text
  }).split('\n')
}

/** Cuts what is asked, and then who asks, so that the whole line can be seen. */
function fitted(rows: readonly (readonly string[])[], width: number): string[][] {
  const widest = (column: number) => Math.max(...rows.map((row) => textWidth(row[column] ?? '')))
  const others = 2 * 4 + widest(0) + widest(3) + widest(4)
  const asks = Math.min(widest(2), Math.max(8, Math.floor((width - others) / 3)))
  const what = Math.max(8, width - others - asks)
  return rows.map((row) =>
    row.map((cell, column) => (column === 1 ? cutTo(cell, what) : column === 2 ? cutTo(cell, asks) : cell)),
  )
}

export function renderInbox(approvals: readonly ApprovalView[], paint: Paint): string {
  if (approvals.length === 0) return paint.dim('Nothing waits for you.')
  return inboxLines(approvals, paint, { nowMs: Date.now() }).join('\n')
}
