/** One way to get something that nobody entitled agreed to, carried out for real in a venue. */
export interface Attack<Venue> {
  /** Rows of `docs/THREATS.md`. */
  readonly rows: readonly string[]
  readonly name: string
  readonly carryOut: (venue: Venue, tally: Tally) => Promise<void>
}

/** Counts tries, and those in which the attacker got what they wanted: judged by the downstream's books and the ledger. */
export class Tally {
  attempts = 0
  successes = 0
  controls = 0
  readonly remarks: string[] = []

  /** One try; `won` says whether it brought the attacker anything. */
  attempt(what: string, won: boolean): void {
    this.attempts += 1
    if (!won) return
    this.successes += 1
    this.remarks.push(what)
  }

  /** The same done rightly has to work: what is broken altogether would pass for safe. */
  control(what: string, works: boolean): void {
    if (!works) throw new Error(`done rightly it does not work: ${what}`)
    this.controls += 1
  }
}

/** What became of an attack. `error`: it could not be carried out, which is no pass. */
export interface Result {
  readonly rows: readonly string[]
  readonly name: string
  readonly attempts: number
  readonly successes: number
  readonly remarks: readonly string[]
  readonly error: string | null
  readonly seconds: number
}

export async function carryOut<Venue>(attack: Attack<Venue>, venue: Venue): Promise<Result> {
  const tally = new Tally()
  const started = performance.now()
  let error: string | null = null
  try {
    await attack.carryOut(venue, tally)
    if (tally.attempts === 0) error = 'nothing was attempted'
    else if (tally.controls === 0) error = 'nothing shows that the same done rightly works'
  } catch (thrown) {
    error = thrown instanceof Error ? thrown.message : String(thrown)
  }
  const { attempts, successes, remarks } = tally
  const seconds = (performance.now() - started) / 1_000
  return { rows: attack.rows, name: attack.name, attempts, successes, remarks, error, seconds }
}
