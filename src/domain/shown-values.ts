import type { Json } from './json.js'
import { isPlain, printable } from './printable.js'
import type { Shown, ShownValue } from './rendered.js'
import { shownOfKeys, shownOfText } from './shown-texts.js'

/** How much is shown: all of it; or as much as is read at a glance, where `digestOf` names the whole of a text that is cut. */
export type Showing = { readonly whole: true } | { readonly whole: false; readonly digestOf: (text: string) => string }

/** Somebody's words, to be shown by themselves: a quote, a reason. */
export function showText(text: string, showing: Showing): Shown {
  return cutAt(text, shownOfText, showing, escaped)
}

/** A name or an id, to be shown among words of ours: in quotes, unless it is plain. */
export function showName(text: string, showing: Showing, shown: { head: number; tail: number } = shownOfText): Shown {
  if (text === '') return { text: '' }
  const { text: inner, cut } = cutAt(text, shown, showing, escaped)
  return isPlain(text) && !cut ? { text } : { text: inQuotes(inner), ...(cut && { cut }) }
}

/** The names on the way to an argument. */
export function showKeys(keys: string, showing: Showing): Shown {
  return keys === '' ? { text: '""' } : showName(keys, showing, { head: shownOfKeys, tail: 0 })
}

/** A line that is in quotes already where it has to be. */
export function showLine(text: string, showing: Showing): Shown {
  return cutAt(text, shownOfText, showing, printable)
}

export function showValue(value: Json, showing: Showing): ShownValue {
  if (typeof value === 'string') return { ...showText(value, showing), type: 'string' }
  return { ...showLine(JSON.stringify(value), showing), type: typeOf(value) }
}

/** An escaped text in quotes of ours, which those in it cannot end. */
export function inQuotes(text: string): string {
  return `"${text.replaceAll('"', '\\"')}"`
}

function typeOf(value: Exclude<Json, string>): ShownValue['type'] {
  if (value === null) return 'null'
  if (typeof value === 'number') return 'number'
  if (typeof value === 'boolean') return 'boolean'
  return Object.keys(value).length === 0 ? 'empty' : 'json'
}

function cutAt(
  text: string,
  { head, tail }: { readonly head: number; readonly tail: number },
  showing: Showing,
  show: (part: string) => string,
): Shown {
  const chars = [...text]
  const left = chars.length - head - tail
  if (left <= 0 || showing.whole) return { text: show(text) }
  const [first, last] = [chars.slice(0, head), chars.slice(head + left)].map((part) => show(part.join('')))
  return {
    text: `${first} [CUT: ${left} characters are not shown] ${last}`.trimEnd(),
    cut: { left, digest: showing.digestOf(text) },
  }
}

// As in a JSON string, but for the quotes: those are escaped where a text is put in quotes.
function escaped(text: string): string {
  return printable(JSON.stringify(text).slice(1, -1).replaceAll('\\"', '"'))
}
