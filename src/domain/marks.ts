// Those that enclose, those that strike through (canonical combining class 1), and those for symbols, which no word has.
const overlays =
  /\p{Me}|[\u0334-\u0338]|\u1cd4|[\u1ce2-\u1ce8]|[\u20d0-\u20ff]|\u{10a39}|[\u{16af0}-\u{16af4}]|\u{1bc9e}|[\u{1d165}-\u{1d169}]/u

/** What letters of living languages have at most, one on the other: Hebrew, Tibetan and Hindi come to as many. */
const mostOnOne = 3

const marked = /(\p{L}?)(\p{M}+)/gu

/**
 * The combining marks of a text that are drawn over what is there: that strike through or enclose, that stand on no
 * letter, or that are heaped. All the marks on a letter, where one is odd; each once.
 */
export function oddMarksIn(text: string): string[] {
  return [...new Set([...text.matchAll(marked)].flatMap(([, letter = '', marks = '']) => oddOn(letter, marks)))]
}

/** The text with these marks as `show` has them. */
export function showOddMarks(text: string, show: (mark: string) => string): string {
  return text.replace(marked, (whole, letter: string, marks: string) =>
    oddOn(letter, marks).length > 0 ? letter + [...marks].map(show).join('') : whole,
  )
}

function oddOn(letter: string, marks: string): string[] {
  const onOne = marks.match(/\p{Mn}/gu) ?? []
  return letter === '' || overlays.test(marks) || onOne.length > mostOnOne ? [...marks] : []
}
