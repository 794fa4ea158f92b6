// biome-ignore lint/suspicious/noControlCharactersInRegex: colours begin with one
const colour = /\u001b\[[0-9;]*m/g
const combining = /\p{M}/u
const wide =
  /[\u1100-\u115f\u2e80-\u303e\u3041-\u33ff\u3400-\u4dbf\u4e00-\u9fff\ua000-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]|\p{Emoji_Presentation}|[\u{20000}-\u{3fffd}]/u

/** How many columns of a terminal a line takes; colours take none. */
export function textWidth(text: string): number {
  let width = 0
  for (const char of text.replace(colour, '')) width += widthOfChar(char)
  return width
}

/** A line that takes so many columns at most: what is too long ends in an ellipsis, and painting that was begun ends. */
export function cutTo(text: string, columns: number): string {
  if (textWidth(text) <= columns) return text
  let width = 0
  let kept = ''
  let painted = false
  // biome-ignore lint/suspicious/noControlCharactersInRegex: colours begin with one
  for (const part of text.split(/(\u001b\[[0-9;]*m)/)) {
    if (part.startsWith('\u001b')) {
      kept += part
      painted = true
      continue
    }
    for (const char of part) {
      width += widthOfChar(char)
      if (width > columns - 1) return `${kept}…${painted ? '\u001b[0m' : ''}`
      kept += char
    }
  }
  return kept
}

/** Fills up with blanks. */
export function padTo(text: string, columns: number): string {
  return text + ' '.repeat(Math.max(0, columns - textWidth(text)))
}

/** The lines of a text that is folded at blanks where it can be; of an unpainted text. */
export function foldTo(text: string, columns: number): string[] {
  const lines: string[] = []
  let line = ''
  for (const word of text.split(/(?<=\s)(?=\S)/)) {
    if (line.trim() !== '' && textWidth((line + word).trimEnd()) > columns) {
      lines.push(line.trimEnd())
      line = ''
    }
    line += word
    while (textWidth(line.trimEnd()) > columns) {
      const head = headOf(line, columns)
      lines.push(head)
      line = line.slice(head.length)
    }
  }
  return [...lines, line.trimEnd()]
}

function headOf(text: string, columns: number): string {
  let width = 0
  let head = ''
  for (const char of text) {
    width += widthOfChar(char)
    if (width > columns && head !== '') return head
    head += char
  }
  return head
}

function widthOfChar(char: string): number {
  if (combining.test(char)) return 0
  return wide.test(char) ? 2 : 1
}
