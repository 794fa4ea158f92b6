import { emitKeypressEvents } from 'node:readline'
import type { Terminal } from './terminal.js'

/** What somebody pressed: `a`, `G`, `up`, `return`, `escape`, `ctrl-c`. */
export type Pressed = string

interface Keypress {
  readonly name?: string
  readonly ctrl?: boolean
}

/** The keys that are pressed while it listens, in order. */
export interface Keys {
  listen(): void
  next(): Promise<Pressed>
  /** Leaves the keys to others. */
  stop(): void
}

export function createKeys({ stdin }: Pick<Terminal, 'stdin'>): Keys {
  const pressed: Pressed[] = []
  let wake = () => {}
  const press = (text: string | undefined, { name, ctrl }: Keypress) => {
    if (ctrl && name) pressed.push(`ctrl-${name}`)
    else pressed.push(text && /^[A-Za-z]$/.test(text) ? text : (name ?? text ?? ''))
    wake()
  }
  return {
    listen: () => {
      emitKeypressEvents(stdin)
      stdin.setRawMode?.(true)
      stdin.on('keypress', press).resume()
    },
    next: async () => {
      for (;;) {
        const key = pressed.shift()
        if (key !== undefined) return key
        await new Promise<void>((resolve) => {
          wake = resolve
        })
      }
    },
    stop: () => {
      stdin.off('keypress', press).pause()
      stdin.setRawMode?.(false)
      pressed.length = 0
    },
  }
}
