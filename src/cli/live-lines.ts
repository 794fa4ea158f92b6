import { type Terminal, type TextStream, widthOf } from './terminal.js'
import { cutTo } from './text-width.js'

/** Lines that are drawn anew in their place, on a terminal. */
export interface LiveLines {
  draw(lines: readonly string[]): void
}

/** Lines that would not fit are cut, as what has been scrolled away cannot be drawn again. */
export function createLiveLines(terminal: Terminal, stream: TextStream): LiveLines {
  let drawn = 0
  return {
    draw: (lines) => {
      const most = Math.max(3, (stream.rows || 24) - 1)
      const fitting =
        lines.length > most ? [...lines.slice(0, most - 1), `… ${lines.length - most + 1} more lines`] : lines
      const width = widthOf(terminal, stream) - 1
      const up = drawn > 0 ? `\u001b[${drawn}A\r` : ''
      stream.write(`${up}${fitting.map((line) => `${cutTo(line, width)}\u001b[K\n`).join('')}\u001b[J`)
      drawn = fitting.length
    },
  }
}
