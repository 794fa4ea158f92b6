import { closeSync, existsSync, fsyncSync, ftruncateSync, mkdirSync, openSync, readFileSync, writeSync } from 'node:fs'
import { dirname } from 'node:path'

/** The answer remembered under an idempotency key, together with what was asked. */
export interface RememberedAnswer {
  fingerprint: string
  status: number
  body: unknown
  request_id: string
}

/** The key a request came with, and the answer it is to get again. */
export interface Keyed {
  idempotency_key?: string
  answer?: RememberedAnswer
}

/**
 * A line of the ledger: a change in the world, an object that was there from the start, or an answer that changed
 * nothing but must be given again. The answer to an effect rides on the effect's own line, so that a crash cannot
 * keep one and lose the other.
 */
export type LedgerLine<Effect, Seed> = { at: string; seq: number } & (
  | ({ kind: 'effect' } & Effect & Keyed)
  | ({ kind: 'seed' } & Seed)
  | ({ kind: 'answer' } & Required<Keyed>)
)

/** A line before the ledger has dated and numbered it. */
export type NewLine<Effect, Seed> =
  | ({ kind: 'effect' } & Effect & Keyed)
  | ({ kind: 'seed' } & Seed)
  | ({ kind: 'answer' } & Required<Keyed>)

/** An append-only JSON-lines file, on disk before `append` returns. The only state a stand-in keeps. */
export class EffectLedger<Effect, Seed> {
  readonly #file: number
  readonly #lines: LedgerLine<Effect, Seed>[]

  constructor(readonly path: string) {
    mkdirSync(dirname(path), { recursive: true })
    const bytes = existsSync(path) ? readFileSync(path) : Buffer.alloc(0)
    // A kill in the middle of a write leaves a line without its end. Nobody was answered for it, so it never was.
    const whole = bytes.subarray(0, bytes.lastIndexOf('\n') + 1)
    this.#lines = whole
      .toString('utf8')
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line) as LedgerLine<Effect, Seed>)
    this.#file = openSync(path, 'a')
    if (whole.length < bytes.length) ftruncateSync(this.#file, whole.length)
  }

  get lines(): readonly LedgerLine<Effect, Seed>[] {
    return this.#lines
  }

  append(at: Date, line: NewLine<Effect, Seed>): LedgerLine<Effect, Seed> {
    const dated = { at: at.toISOString(), seq: this.#lines.length + 1, ...line }
    writeSync(this.#file, `${JSON.stringify(dated)}\n`)
    fsyncSync(this.#file)
    this.#lines.push(dated)
    return dated
  }

  close(): void {
    closeSync(this.#file)
  }
}
