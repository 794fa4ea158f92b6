import { isInteractive, type Terminal, widthOf } from './terminal.js'
import { cutTo } from './text-width.js'

/**
 * What is waited for, on standard error, where it takes longer than a second: a line that moves where somebody watches,
 * else one plain line for each thing.
 */
export interface Progress {
  /** Says what is waited for from now on. */
  waitFor(what: string): void
  /** Takes away what is shown. */
  done(): void
  /** Is anything waited for? */
  readonly busy: boolean
}

const patienceMs = 1_000
const frameMs = 100
const frames = ['⠋', '⠙', '⠹', '⠸', '⠼', '⠴', '⠦', '⠧', '⠇', '⠏']

export function createProgress(terminal: Terminal, dim: (text: string) => string): Progress {
  const { stderr } = terminal
  const moving = isInteractive(terminal)
  const said = new Set<string>()
  let what: string | null = null
  let since = 0
  let timer: NodeJS.Timeout | undefined
  let frame = 0
  let drawn = false

  function draw(): void {
    const seconds = Math.floor((Date.now() - since) / 1_000)
    const text = `${frames[frame++ % frames.length]} ${what} ${seconds} s`
    stderr.write(`\r\u001b[K${dim(cutTo(text, widthOf(terminal, stderr) - 1))}`)
    drawn = true
  }
  function begin(): void {
    if (moving) {
      draw()
      timer = setInterval(draw, frameMs).unref()
    } else if (what !== null && !said.has(what)) {
      said.add(what)
      stderr.write(`${what}\n`)
    }
  }
  return {
    get busy() {
      return what !== null
    },
    waitFor: (next) => {
      if (what === next) return
      const began = what === null
      what = next
      if (began) since = Date.now()
      if (drawn) return draw()
      clearTimeout(timer)
      timer = setTimeout(begin, patienceMs).unref()
    },
    done: () => {
      clearTimeout(timer)
      if (drawn) stderr.write('\r\u001b[K')
      what = null
      drawn = false
    },
  }
}
