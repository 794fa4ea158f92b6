import { closeSync, fsyncSync, mkdirSync, openSync, writeSync } from 'node:fs'
import { dirname } from 'node:path'

/** Lines that are on disk before whoever writes them goes on. */
export interface Journal {
  readonly write: (line: Readonly<Record<string, unknown>>) => void
  readonly close: () => void
}

export function openJournal(path: string): Journal {
  mkdirSync(dirname(path), { recursive: true })
  const file = openSync(path, 'a')
  return {
    write: (line) => {
      writeSync(file, `${JSON.stringify({ at: Date.now(), ...line })}\n`)
      fsyncSync(file)
    },
    close: () => closeSync(file),
  }
}
