import type { RenderedArgument, RenderedChange, Shown, ShownValue } from '../../domain/rendered.js'
import { inQuotes } from '../../domain/shown-values.js'
import type { Room } from './room.js'
import { clip, isolated, type Piece } from './texts.js'

/** What is not in quotes, or in those that it brings: a name, an id, a line. */
export function tell({ text, cut }: Shown, room: Room): string {
  return `${isolated(clip(text, room.value))}${wholeOf(cut)}`
}

/** A line, or what somebody says. */
export function tellWords({ text, cut }: Shown, room: Room): string {
  return `${isolated(clip(text, room.words))}${wholeOf(cut)}`
}

/** Words, in quotes of ours: nothing in them passes for what stands beside them. */
export function tellQuote({ text, cut }: Shown, room: Room): string {
  return `${isolated(inQuotes(clip(text, room.value)))}${wholeOf(cut)}`
}

export function tellArgument({ name, value, type }: RenderedArgument, room: Room): Piece[] {
  return [{ bold: tell(name, room) }, `: ${tellValue({ ...value, type }, room)}`]
}

export function tellChange({ name, before, after, only }: RenderedChange, room: Room): Piece[] {
  const side = (value: ShownValue | null) => (value ? tellValue(value, room) : '(nothing)')
  const now = only === 'after' ? '' : side(before)
  const then = only === 'before' ? '' : `\u2192 ${side(after)}`
  return [{ bold: tell(name, room) }, `: ${[now, then].filter(Boolean).join(' ')}`]
}

/** What is a string is in quotes, and nothing else is: `"500"` is not `500`, and `"(nothing)"` is something. */
function tellValue(value: ShownValue, room: Room): string {
  return value.type === 'string' ? tellQuote(value, room) : tell(value, room)
}

/** The digest of what was too long to be sealed as it is. */
export function wholeOf(cut: Shown['cut']): string {
  return cut ? ` (all of it: ${cut.digest})` : ''
}
