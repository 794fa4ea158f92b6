import { flatten } from './call.js'
import type { CallPipeline } from './call-pipeline.js'
import type { EffectLedger } from './effect-ledger.js'
import { type FaultPlan, UnplannableFault } from './faults.js'
import type { Reply } from './reply.js'
import { UnusableSeed } from './seed.js'

/** The endpoints a test or a demo uses to prepare a stand-in and to look behind it. Open to anyone on loopback. */
export class ControlSurface<Effect, Seed> {
  readonly #calls = new Map<string, number>()
  readonly #arrivals: { at: string; route: string }[] = []

  constructor(
    private readonly pipeline: CallPipeline<Effect, Seed>,
    private readonly ledger: EffectLedger<Effect, Seed>,
    private readonly faults: FaultPlan,
  ) {}

  /** Every call counts, also one that is refused, answered again or hit by a fault. Kept in memory only. */
  count(route: string): void {
    this.#calls.set(route, (this.#calls.get(route) ?? 0) + 1)
    this.#arrivals.push({ at: new Date().toISOString(), route })
  }

  answer(method: string, url: URL, json: unknown): Reply {
    try {
      switch (`${method} ${url.pathname}`) {
        case 'POST /_seed':
          return { status: 200, body: this.pipeline.seed(json, new Date()) }
        case 'POST /_faults':
          return { status: 201, body: this.faults.add(json) }
        case 'GET /_faults':
          return { status: 200, body: { faults: this.faults.planned } }
        case 'DELETE /_faults':
          this.faults.clear()
          return { status: 204 }
        case 'GET /_effects':
          return { status: 200, body: { effects: this.#effects(url.searchParams) } }
        case 'GET /_arrivals':
          return { status: 200, body: { arrivals: this.#arrivals } }
        case 'GET /_calls':
          return { status: 200, body: { calls: Object.fromEntries(this.#calls) } }
        default:
          return { status: 404, body: { problem: `no ${method} ${url.pathname} here` } }
      }
    } catch (error) {
      if (error instanceof UnplannableFault || error instanceof UnusableSeed) {
        return { status: 400, body: { problem: error.message } }
      }
      throw error
    }
  }

  /** The effects, oldest first; each query field, `effect` or `metadata[invoice_id]` say, narrows them. */
  #effects(wanted: URLSearchParams): unknown[] {
    return this.ledger.lines
      .filter((line) => line.kind === 'effect')
      .map(({ answer: _answer, kind: _kind, ...facts }) => facts)
      .filter((facts) => {
        const fields = flatten(facts)
        return [...wanted].every(([name, value]) => fields.get(name) === value)
      })
  }
}
