import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { get } from 'node:http'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { startChild } from 'exequatur/dev'
import type { Booked } from '../downstream/books.js'
import type { Mode, Rule } from '../downstream/modes.js'

/** A request that waits for an answer it will not get. */
export interface Held {
  readonly held: Mode
  readonly subject: string
  readonly pid: number
  readonly at: number
}

/** The downstream, as the campaign's conductor reaches it. */
export interface Downstream {
  readonly url: string
  readonly books: string
  readonly requests: string
  readonly rule: (...rules: readonly Rule[]) => Promise<void>
  readonly setRules: (rules: readonly Rule[]) => Promise<void>
  readonly onHeld: (listener: (held: Held) => void) => () => void
  readonly booked: () => Promise<readonly Booked[]>
  readonly close: () => Promise<void>
}

export async function openDownstream(wishes: {
  readonly home: string
  readonly seed: string
  readonly keyLifetimeMs: number
  readonly say: (line: string) => void
}): Promise<Downstream> {
  const { home, seed, keyLifetimeMs, say } = wishes
  const books = join(home, 'books.jsonl')
  const requests = join(home, 'requests.jsonl')
  const script = fileURLToPath(new URL('../downstream/server.ts', import.meta.url))
  const args = ['--books', books, '--requests', requests, '--seed', seed, '--key-lifetime', String(keyLifetimeMs)]
  const child = await startChild({
    name: 'downstream',
    command: process.execPath,
    args: ['--import', 'tsx', script, ...args],
    env: { PATH: process.env.PATH },
    say,
    logFile: join(home, 'logs', 'downstream.log'),
  })
  const url = String(child.ready.url)
  const listeners = new Set<(held: Held) => void>()
  const events = get(`${url}/_events`)
  const [stream] = (await once(events, 'response')) as [NodeJS.ReadableStream]
  const lines = createInterface({ input: stream }).on('line', (line) => {
    for (const listener of listeners) listener(JSON.parse(line) as Held)
  })
  // It breaks off when the downstream ends.
  for (const emitter of [events, stream, lines] as NodeJS.EventEmitter[]) emitter.on('error', () => undefined)
  const post = async (body: unknown) => {
    const answer = await fetch(`${url}/_rules`, { method: 'POST', body: JSON.stringify(body) })
    if (!answer.ok) throw new Error(await answer.text())
  }
  return {
    url,
    books,
    requests,
    rule: (...add) => post({ add }),
    setRules: (set) => post({ set }),
    onHeld: (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    booked: async () => linesOf<Booked>(await readFile(books, 'utf8')),
    close: async () => {
      events.destroy()
      await child.stop()
    },
  }
}

/** Whole lines only: the last may still be being written. */
function linesOf<Line>(text: string): Line[] {
  return text
    .slice(0, text.lastIndexOf('\n') + 1)
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as Line)
}
