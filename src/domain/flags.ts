import type { Envelope } from './envelope.js'
import { confusableIn, lookAlike } from './look-alikes.js'
import { oddMarksIn } from './marks.js'
import { printable } from './printable.js'
import { cutOf, type ShownText, shownTexts } from './shown-texts.js'

/**
 * `confusable`: letters that pass for others; `bidi`: characters that turn the direction of writing; `invisible`:
 * characters that leave no mark, or pass for a space; `overlaid`: marks that are drawn over what is there; `cut`: too long
 * to be shown whole; `hidden`: not shown at all.
 */
export type FlagKind = 'confusable' | 'bidi' | 'invisible' | 'overlaid' | 'cut' | 'hidden'

/** Something that what is shown cannot show plainly: where (a JSON Pointer into the envelope), and what, in plain words. */
export interface Flag {
  readonly kind: FlagKind
  readonly pointer: string
  readonly says: string
}

const longestPointer = 180

/** What a person acknowledges: `confusable /steps/0/args/invoice_id`. Never ends in half a character, which nobody could send. */
export function flagName({ kind, pointer }: Pick<Flag, 'kind' | 'pointer'>): string {
  const shown = printable(pointer).slice(0, longestPointer)
  return `${kind} ${shown.replace(/[\uD800-\uDBFF]$/, '')}`
}

/** Is something of what is described not shown, going by the names of its flags? */
export function leavesOut(flags: readonly { readonly name: string }[]): boolean {
  return flags.some(({ name }) => /^(cut|hidden) /.test(name))
}

/** The names of flags, each once, in order. */
export function flagNames(flags: readonly Flag[]): string[] {
  return [...new Set(flags.map(flagName))].sort()
}

/** Why an envelope needs a closer look than a click; empty if what is shown is plainly what is there. */
export function flagsOf(envelope: Envelope): Flag[] {
  const { texts, hidden } = shownTexts(envelope)
  return [
    ...texts.flatMap(flagsOfText),
    ...hidden.map(({ pointer, count }) => ({
      kind: 'hidden' as const,
      pointer,
      says: `${count} ${count === 1 ? 'argument is' : 'arguments are'} not shown`,
    })),
  ]
}

const bidi = /[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/u
const invisible = /[\p{Default_Ignorable_Code_Point}\p{Zl}\p{Zp}\u2800]|(?! )\p{Zs}/u

// Nothing of the text itself is repeated here: in our own words somebody else's have no place.
function flagsOfText(shown: ShownText): Flag[] {
  const { pointer, text, keys } = shown
  const whole = keys + text
  const chars = [...new Set(whole)]
  const flags: Flag[] = []
  const flag = (kind: FlagKind, says: string) => flags.push({ kind, pointer, says })
  const confusable = [...new Set([...confusableIn(keys), ...confusableIn(text)])]
  if (confusable.length > 0)
    flag('confusable', `letters that pass for others: ${confusable.map(tellLetter).join(', ')}`)
  const turning = chars.filter((char) => bidi.test(char))
  if (turning.length > 0)
    flag('bidi', `characters that turn the direction of writing: ${turning.map(codeOf).join(', ')}`)
  const unseen = chars.filter((char) => invisible.test(char) && !bidi.test(char))
  if (unseen.length > 0) flag('invisible', `characters that cannot be seen: ${unseen.map(codeOf).join(', ')}`)
  const marks = [...new Set([...oddMarksIn(keys), ...oddMarksIn(text)])].filter((char) => !invisible.test(char))
  if (marks.length > 0) flag('overlaid', `marks that are drawn over what is there: ${marks.map(codeOf).join(', ')}`)
  const cut = cutOf(shown)
  if (cut.text || cut.keys) {
    const long = cut.text ? `${[...text].length} characters` : `a name of ${[...keys].length} characters`
    flag('cut', `${long}, which is too long to be shown whole`)
  }
  return flags
}

function tellLetter(letter: string): string {
  const other = lookAlike(letter)
  return other ? `${codeOf(letter)} (like ${other})` : codeOf(letter)
}

function codeOf(char: string): string {
  return `U+${(char.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`
}
