import { closeSync, fsyncSync, mkdirSync, openSync, writeSync } from 'node:fs'
import { dirname } from 'node:path'

/** What the downstream can do about a request that comes again. */
export const systems = ['keyed', 'queryable', 'blind'] as const
export type System = (typeof systems)[number]

/** One change of the downstream's world, as it wrote it down itself. Times are milliseconds of the machine's clock. */
export interface Booked {
  readonly kind: 'effect' | 'undo'
  readonly seq: number
  readonly at: number
  /** When the request that caused it came in; an effect may be applied later. */
  readonly received_at: number
  readonly system: System
  readonly id: string
  /** For an undo: the effect it undoes. */
  readonly of: string | null
  readonly tenant: string
  readonly action: string
  /** What the client called it: known to the client's journal, and to nobody else before. */
  readonly subject: string
  readonly amount: number
  readonly key: string | null
  readonly reference: string | null
  /** The process that sent the request. */
  readonly pid: number
}

/** Append-only lines, on disk before `append` returns. */
export class Books {
  readonly #file: number
  readonly #lines: Booked[] = []

  constructor(readonly path: string) {
    mkdirSync(dirname(path), { recursive: true })
    this.#file = openSync(path, 'wx')
  }

  get lines(): readonly Booked[] {
    return this.#lines
  }

  append(entry: Omit<Booked, 'seq' | 'at'>): Booked {
    const line = { seq: this.#lines.length + 1, at: Date.now(), ...entry }
    writeSync(this.#file, `${JSON.stringify(line)}\n`)
    fsyncSync(this.#file)
    this.#lines.push(line)
    return line
  }

  close(): void {
    closeSync(this.#file)
  }
}
