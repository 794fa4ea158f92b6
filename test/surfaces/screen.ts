/** What a terminal of that many columns shows after it was written to, line by line; scrolled lines stay on top. */
export function screenOf(written: string, columns = 100): string[] {
  let lines = ['']
  let main: string[] | null = null
  let [row, column] = [0, 0]
  const put = (char: string) => {
    if (column >= columns) {
      row += 1
      column = 0
    }
    while (lines.length <= row) lines.push('')
    const line = (lines[row] ?? '').padEnd(column)
    lines[row] = line.slice(0, column) + char + line.slice(column + 1)
    column += 1
  }
  const acts: Readonly<Record<string, (count: number, text: string) => void>> = {
    A: (count) => {
      row = Math.max(0, row - (count || 1))
    },
    B: (count) => {
      row += count || 1
    },
    C: (count) => {
      column += count || 1
    },
    D: (count) => {
      column = Math.max(0, column - (count || 1))
    },
    G: (count) => {
      column = Math.max(0, count - 1)
    },
    H: () => {
      row = 0
      column = 0
    },
    K: () => {
      lines[row] = (lines[row] ?? '').slice(0, column)
    },
    J: (count) => {
      lines = count === 2 ? [''] : [...lines.slice(0, row), (lines[row] ?? '').slice(0, column)]
    },
    h: (_count, text) => {
      if (text !== '?1049') return
      main = lines
      lines = ['']
    },
    l: (_count, text) => {
      if (text !== '?1049' || !main) return
      lines = main
      main = null
      row = lines.length - 1
      column = lines[row]?.length ?? 0
    },
  }
  // biome-ignore lint/suspicious/noControlCharactersInRegex: escapes begin with one
  for (const [part, text = '', letter = ''] of written.matchAll(/\u001b\[([0-9;?]*)([A-Za-z])|\u001b[^[]|./gsu)) {
    if (letter !== '') acts[letter]?.(Number(text) || 0, text)
    else if (part === '\n') row += 1
    else if (part === '\r') column = 0
    else if (!part.startsWith('\u001b')) put(part)
  }
  return lines.map((line) => line.trimEnd())
}
