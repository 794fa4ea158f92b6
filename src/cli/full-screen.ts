import { type Terminal, widthOf } from './terminal.js'
import { cutTo } from './text-width.js'

/** The whole of a terminal; what was there before is there again when it is left. */
export interface FullScreen {
  enter(): void
  /** Lines from the top; the last ones are kept at the bottom. */
  draw(lines: readonly string[], bottom: readonly string[]): void
  leave(): void
  readonly rows: number
  readonly columns: number
}

export function openFullScreen(terminal: Terminal): FullScreen {
  const { stdout } = terminal
  let entered = false
  const leave = () => {
    if (!entered) return
    entered = false
    process.off('exit', leave)
    stdout.write('\u001b[?25h\u001b[?1049l')
  }
  return {
    get rows() {
      return Math.max(6, stdout.rows || 24)
    },
    get columns() {
      return widthOf(terminal, stdout)
    },
    enter: () => {
      if (entered) return
      entered = true
      // Where the process ends itself; no signal comes by here.
      process.on('exit', leave)
      stdout.write('\u001b[?1049h\u001b[?25l')
    },
    draw(lines, bottom) {
      if (!entered) return
      const room = this.rows - bottom.length
      const top = lines.slice(0, room)
      const all = [...top, ...Array<string>(room - top.length).fill(''), ...bottom]
      stdout.write(`\u001b[H${all.map((line) => `${cutTo(line, this.columns)}\u001b[K`).join('\r\n')}\u001b[J`)
    },
    leave,
  }
}
