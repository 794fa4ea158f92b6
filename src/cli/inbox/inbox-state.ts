import type { ApprovalView } from '../../control-plane/approval-view.js'
import { byRiskAndAge } from '../../domain/by-risk-and-age.js'
import type { Pressed } from '../keys.js'
import type { Watching } from '../watch-changes.js'

/** What somebody who sits at the inbox sees. */
export interface InboxState {
  /** In the order in which they are shown. */
  readonly items: readonly ApprovalView[]
  readonly more: boolean
  /** The id of the one that keys are about; by id, as lists change under the eyes of whoever reads them. */
  readonly chosen: string | null
  /** The one that is shown whole. */
  readonly opened: ApprovalView | null
  /** Lines of it that are scrolled away. */
  readonly scrolled: number
  readonly how: Watching
  /** Why what is shown may be out of date. */
  readonly trouble: string | null
}

export type Wish = 'quit' | 'open' | 'approve' | 'reject'

export function beginWith(items: readonly ApprovalView[], more: boolean): InboxState {
  const empty = { chosen: null, opened: null, scrolled: 0, how: 'looking', trouble: null } as const
  return withItems({ items: [], more, ...empty }, items, more)
}

/** Who reads keeps their place: on the same request, or where it is gone on the one that took its place. */
export function withItems(state: InboxState, found: readonly ApprovalView[], more: boolean): InboxState {
  const items = byRiskAndAge(found)
  const was = state.items.findIndex(({ id }) => id === state.chosen)
  const stays = items.some(({ id }) => id === state.chosen)
  const chosen = stays ? state.chosen : (items[Math.min(Math.max(0, was), items.length - 1)]?.id ?? null)
  return { ...state, items, more, chosen, trouble: null }
}

/** What a key does; a wish is for what cannot be done by showing something else. */
export function press(state: InboxState, key: Pressed, page: number): InboxState | Wish {
  if (key === 'q' || key === 'ctrl-c' || key === 'ctrl-d') return 'quit'
  const { items, chosen, opened, scrolled } = state
  if (key === 'a' && (opened ?? chosen)) return 'approve'
  if (key === 'r' && (opened ?? chosen)) return 'reject'
  const by = { j: 1, down: 1, k: -1, up: -1, space: page, pagedown: page, b: -page, pageup: -page }[key]
  if (opened) {
    if (by !== undefined) return { ...state, scrolled: Math.max(0, scrolled + by) }
    return ['escape', 'return', 'left', 'h', 'backspace'].includes(key)
      ? { ...state, opened: null, scrolled: 0 }
      : state
  }
  if ((key === 'return' || key === 'right' || key === 'l') && chosen) return 'open'
  if (by === undefined || items.length === 0) return state
  const at = items.findIndex(({ id }) => id === chosen)
  const next = Math.min(items.length - 1, Math.max(0, at + by))
  return { ...state, chosen: items[next]?.id ?? null }
}
