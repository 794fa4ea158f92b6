import { inert } from '../inert.js'
import type { Paint } from '../output.js'
import { renderApproval } from '../show-approval.js'
import { inboxLines } from '../show-inbox.js'
import type { InboxState } from './inbox-state.js'

export interface ScreenSize {
  readonly rows: number
  readonly columns: number
}

interface Drawn {
  readonly lines: readonly string[]
  /** Stays at the bottom. */
  readonly bottom: readonly string[]
  /** How far what is opened can be scrolled. */
  readonly mostScrolled: number
}

const head = 2

/** The inbox as it is drawn: what waits, or the one that is opened, above the keys there are. */
export function drawInbox(
  state: InboxState,
  paint: Paint,
  size: ScreenSize,
  at: { host: string; nowMs: number },
): Drawn {
  const bottom = bottomLines(state, paint)
  const room = size.rows - bottom.length
  if (state.opened) {
    const width = size.columns
    const all = renderApproval(state.opened, paint, { width, nowMs: at.nowMs }).split('\n')
    const mostScrolled = Math.max(0, all.length - room)
    const from = Math.min(state.scrolled, mostScrolled)
    const below = all.length - room - from
    const lines = all.slice(from, from + room)
    if (below > 0) lines.splice(room - 1, 1, paint.dim(`… ${below + 1} more lines (j)`))
    return { lines, bottom, mostScrolled }
  }
  return {
    lines: [...headLines(state, paint, at.host), ...listLines(state, paint, size, room - head, at.nowMs)],
    bottom,
    mostScrolled: 0,
  }
}

function headLines({ items, more }: InboxState, paint: Paint, host: string): string[] {
  const count = `${items.length}${more ? ' and more' : ''}`
  return [paint.bold(items.length === 1 ? '1 waits for you' : `${count} wait for you`) + paint.dim(` at ${host}`), '']
}

function listLines(state: InboxState, paint: Paint, { columns }: ScreenSize, room: number, nowMs: number): string[] {
  const { items, chosen } = state
  if (items.length === 0) return [paint.dim('Nothing waits for you.')]
  const [titles = '', ...rows] = inboxLines(items, paint, { nowMs, width: columns - 2 })
  const at = items.findIndex(({ id }) => id === chosen)
  const fit = Math.max(1, room - 1)
  const from = Math.min(Math.max(0, at - fit + 1), Math.max(0, rows.length - fit))
  const shown = rows.map((row, index) => (index === at ? `${paint.cyan('>')} ${paint.bold(row)}` : `  ${row}`))
  return [`  ${titles}`, ...shown.slice(from, from + fit)]
}

function bottomLines({ opened, items, how, trouble }: InboxState, paint: Paint): string[] {
  const decide = opened || items.length > 0 ? 'a approve  r reject  ' : ''
  const move = opened ? 'j/k scroll  Esc back  ' : items.length > 0 ? 'j/k move  Enter show  ' : ''
  const live = how === 'told' ? 'live' : 'looks every 2 s'
  return [
    trouble ? paint.yellow(`Not up to date: ${inert(trouble)}`) : '',
    paint.dim(`${move}${decide}q quit  (${live})`),
  ]
}
