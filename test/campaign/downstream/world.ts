import { type Booked, Books, type System } from './books.js'

export interface Reply {
  readonly status: number
  readonly body: unknown
}

/** A request for a change, as it came in. */
export interface Wish {
  readonly call: 'effect' | 'undo'
  readonly received_at: number
  readonly system: System
  readonly tenant: string
  readonly action: string
  readonly subject: string
  readonly amount: number
  readonly key: string | null
  readonly reference: string | null
  /** For an undo: the effect. */
  readonly of: string | null
  readonly pid: number
}

interface Remembered {
  readonly fingerprint: string
  readonly reply: Reply
  readonly until: number
}

/** Three systems that keep their own books: one that honours keys for a time, one that can be asked, one that does neither. */
export class World {
  readonly books: Books
  readonly #remembered = new Map<string, Remembered>()
  readonly #hiddenUntil = new Map<string, number>()

  constructor(
    path: string,
    private readonly keyLifetimeMs: number,
  ) {
    this.books = new Books(path)
  }

  /** Applies a wish, once for each key that is still honoured, and says what the true answer is. */
  apply(
    wish: Wish,
    how: { readonly storedError?: boolean; readonly amount?: number; readonly lagMs?: number } = {},
  ): Reply {
    const before = this.recall(wish)
    if (before) return before
    const refused = this.#refusal(wish)
    if (refused) return this.#keep(wish, refused)
    const id = `${wish.call === 'undo' ? 'un' : 'ef'}_${this.books.lines.length + 1}`
    const { call, ...facts } = wish
    const amount = how.amount ?? wish.amount
    const booked = this.books.append({ ...facts, kind: call, id, amount })
    if (how.lagMs) this.#hiddenUntil.set(booked.id, Date.now() + how.lagMs)
    const truth = { status: 200, body: shown(booked) }
    this.#keep(wish, how.storedError ? { status: 500, body: { error: 'something went wrong here' } } : truth)
    return truth
  }

  /** The answer that a key has had already; refuses a key that comes with something else. */
  recall(wish: Wish): Reply | undefined {
    if (wish.system !== 'keyed' || wish.key === null) return undefined
    const known = this.#remembered.get(wish.key)
    if (!known || known.until < Date.now()) return undefined
    if (known.fingerprint !== fingerprintOf(wish))
      return { status: 409, body: { error: 'this key asked for something else' } }
    return known.reply
  }

  #keep(wish: Wish, reply: Reply): Reply {
    if (wish.system === 'keyed' && wish.key !== null && reply.status !== 409) {
      const until = Date.now() + this.keyLifetimeMs
      this.#remembered.set(wish.key, { fingerprint: fingerprintOf(wish), reply, until })
    }
    return reply
  }

  #refusal(wish: Wish): Reply | undefined {
    if (wish.call === 'effect') return undefined
    const effect = this.books.lines.find(
      ({ kind, id, system }) => kind === 'effect' && id === wish.of && system === wish.system,
    )
    return effect ? undefined : { status: 404, body: { error: `there is no ${wish.of}` } }
  }

  find(system: System, id: string): Reply {
    const booked = this.books.lines.find((line) => line.system === system && line.id === id)
    return booked
      ? { status: 200, body: this.#withUndo(booked) }
      : { status: 404, body: { error: `there is no ${id}` } }
  }

  /** What is known under a reference by now: a system may need a while to show what it has done. */
  search(reference: string): Reply {
    const now = Date.now()
    const items = this.books.lines
      .filter((line) => line.system === 'queryable' && line.reference === reference)
      .filter(({ id }) => (this.#hiddenUntil.get(id) ?? 0) <= now)
    return { status: 200, body: { items: items.map((line) => this.#withUndo(line)) } }
  }

  #withUndo(booked: Booked) {
    const undone = this.books.lines.some(({ kind, of }) => kind === 'undo' && of === booked.id)
    return { ...shown(booked), undone }
  }
}

function shown({ id, kind, subject, amount, key, reference, of, at }: Booked) {
  return { id, kind, subject, amount_cents: amount, key, reference, of, at }
}

function fingerprintOf({ call, subject, amount, of, tenant, action }: Wish): string {
  return JSON.stringify([call, subject, amount, of, tenant, action])
}
