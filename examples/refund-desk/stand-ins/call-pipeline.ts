import type { Call } from './call.js'
import type { EffectLedger, LedgerLine, NewLine } from './effect-ledger.js'
import type { FaultMode } from './faults.js'
import { type Outcome, Refused, type Reply } from './reply.js'
import type { Route } from './route-table.js'
import type { StandIn } from './stand-in.js'

/**
 * From a call to its answer: who asks, was it asked before, the endpoint, the ledger. Synchronous from end to end, so
 * that no two calls are ever in it together.
 */
export class CallPipeline<Effect, Seed> {
  constructor(
    private readonly standIn: StandIn<Effect, Seed>,
    private readonly ledger: EffectLedger<Effect, Seed>,
  ) {
    for (const line of ledger.lines) standIn.apply(line)
  }

  answer(route: Route<Effect>, call: Call, fault: FaultMode | undefined): Reply {
    const early = this.standIn.authorize(call) ?? this.standIn.memory.recall(call)
    if (early) return early
    try {
      const outcome = this.#run(route, call, fault)
      const reply = fault === 'error-after-applying' ? this.standIn.answers.failed() : outcome.reply
      this.#record(call, reply, this.#effectOf(outcome, fault))
      return reply
    } catch (error) {
      if (!(error instanceof Refused)) throw error
      if (error.started) this.#record(call, error.reply)
      return error.reply
    }
  }

  /** Something happens that no call asked for. */
  note(effect: Effect, at: Date): void {
    this.#append(at, { kind: 'effect', ...effect })
  }

  /** Adds the objects that are not there yet; those that are keep the state they have. */
  seed(body: unknown, at: Date): { added: number; present: number } {
    const { added, present } = this.standIn.readSeed(body)
    for (const seed of added) this.#append(at, { kind: 'seed', ...seed })
    return { added: added.length, present }
  }

  #run(route: Route<Effect>, call: Call, fault: FaultMode | undefined): Outcome<Effect> {
    return fault === 'refuse' ? { reply: this.standIn.answers.refused() } : route.handle(call)
  }

  /** What really happens, whatever is answered. */
  #effectOf({ effect }: Outcome<Effect>, fault: FaultMode | undefined): Effect | undefined {
    if (fault === 'lie') return undefined
    return fault === 'do-otherwise' && effect !== undefined ? this.standIn.otherwise(effect) : effect
  }

  #record(call: Call, reply: Reply, effect?: Effect): void {
    const keyed = this.standIn.memory.keep(call, reply)
    if (effect !== undefined) {
      this.#append(call.at, { kind: 'effect', ...effect, ...keyed })
    } else if (keyed.idempotency_key !== undefined && keyed.answer !== undefined) {
      this.#append(call.at, { kind: 'answer', idempotency_key: keyed.idempotency_key, answer: keyed.answer })
    }
  }

  #append(at: Date, line: NewLine<Effect, Seed>): LedgerLine<Effect, Seed> {
    const written = this.ledger.append(at, line)
    this.standIn.apply(written)
    return written
  }
}
