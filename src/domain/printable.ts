import { showOddMarks } from './marks.js'

// Control, format, private and unassigned characters, those that leave no mark, and blanks that are not the common one.
const unseen = /[\p{C}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}\u2800]|(?! )\p{Zs}/gu

/**
 * Characters that act, hide, pass for a space, or are drawn over others are shown as their code points: what is seen is
 * what is there.
 */
export function printable(text: string): string {
  // Marks come last: what stood on something unseen stands on no letter then.
  return showOddMarks(text.replace(unseen, codePoint), codePoint)
}

function codePoint(char: string): string {
  return `\\u{${char.codePointAt(0)?.toString(16)}}`
}

/** Is there nothing in a text that could be taken for our own words, or for their end? */
export function isPlain(text: string): boolean {
  return /^[A-Za-z0-9_.:@/~#+-]+$/.test(text)
}

/** As it is where nothing in it could be taken for our own words; else in quotes. */
export function quoted(text: string): string {
  return isPlain(text) ? text : printable(JSON.stringify(text))
}
