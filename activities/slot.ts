import type { RegisteredContract } from '../src/domain/contract.js'
import { downstreamOf, type Limits, limitsOf } from '../src/domain/downstream-limits.js'
import { noteCall, takeSlot } from '../src/domain/downstream-slot.js'
import { promiseFor } from '../src/domain/execution.js'
import type { Admitted } from '../src/evidence/admitted.js'
import { inTransaction } from '../src/ledger/pool.js'
import { lockDownstream } from '../src/ledger/queries/lock-downstream.js'
import type { CallRef } from '../src/ledger/queries/record-intent.js'
import { writeDownstream } from '../src/ledger/queries/write-downstream.js'
import type { ExecutorDeps } from './call.js'
import { retryLater } from './retry.js'

/** One use of a downstream: a call, or a look at what it came to. */
export interface DownstreamUse {
  readonly ref: CallRef
  readonly contract: RegisteredContract
  readonly purpose: 'call' | 'verify'
}

/**
 * `answered`: it gave an answer, whichever; `silent`: it gave none; `unsure`: that cannot be told, so it counts only for
 * the one that tries; `not-made`: it was not asked.
 */
export type Heard = 'answered' | 'silent' | 'unsure' | 'not-made'

// Those that a breaker holds come back one by one.
const spreadMs = 3_000

/**
 * Waits for the leave to use a downstream now: throws what makes Temporal come back when it may be. Costs nothing where
 * no rate is declared and all went well of late. It is asked before an attempt is written, and nothing is reserved by it.
 */
export async function awaitSlot(deps: ExecutorDeps, admitted: Admitted, use: DownstreamUse): Promise<void> {
  const { name, limits, atWork, call } = standingOf(deps, admitted, use)
  if (!limits.rate && !atWork) return
  const { contract } = use.contract
  const undo = use.ref.phase === 'compensate'
  const timeout_ms = promiseFor(contract, use.ref.phase).call_timeout_ms
  const waits = await inTransaction(deps.pool, async (db) => {
    const held = await lockDownstream(db, use.ref.tenant, name, call)
    const asked = { call, undo, timeout_ms, slot_at: held.slot_at, undoWaits: held.undo_waits }
    const slot = takeSlot(held.standing, limits, asked, held.now_ms)
    const spread = slot.waits?.for === 'breaker' ? Math.random() * spreadMs : 0
    const slot_at = slot.waits && slot.waits.slot_at + spread
    await writeDownstream(db, use.ref.tenant, name, { standing: slot.standing, call, undo, slot_at })
    return slot_at === null ? null : { ms: Math.ceil(slot_at - held.now_ms), for: slot.waits?.for }
  })
  if (!waits) return
  const why =
    waits.for === 'breaker'
      ? `EXQ-5070 ${name} does not answer, and is left alone for now`
      : `EXQ-5071 ${name} is called as fast as it may be`
  throw retryLater(why, Math.max(waits.ms, 1))
}

/** Notes whether a downstream answered, where that may open or close its breaker. */
export async function noteHeard(
  deps: ExecutorDeps,
  admitted: Admitted,
  use: DownstreamUse,
  heard: Heard,
): Promise<void> {
  const { name, limits, atWork, call } = standingOf(deps, admitted, use)
  if (!limits.breaker || heard === 'not-made' || (heard !== 'silent' && !atWork)) return
  const { tenant } = use.ref
  const change = await inTransaction(deps.pool, async (db) => {
    const held = await lockDownstream(db, tenant, name, call)
    if (heard === 'unsure' && held.standing.breaker.probe?.call !== call) return null
    const made = { call, answered: heard === 'answered', chance: Math.random() }
    const noted = noteCall(held.standing, limits, made, held.now_ms)
    const reason = noted.change === 'open' ? 'calls got no answer' : 'a call was answered'
    await writeDownstream(db, tenant, name, {
      standing: noted.standing,
      call,
      undo: use.ref.phase === 'compensate',
      slot_at: null,
      change: noted.change && { state: noted.change, reason, executor: deps.executor },
    })
    return noted.change
  })
  if (change) deps.warn({ tenant, downstream: name, breaker: change }, 'the breaker of a downstream changed')
}

interface DownstreamStanding {
  readonly name: string
  readonly limits: Limits
  /** It is not at rest, as far as the load of this action knew. */
  readonly atWork: boolean
  readonly call: string
}

function standingOf(deps: ExecutorDeps, { record }: Admitted, use: DownstreamUse): DownstreamStanding {
  const { action_id, step, phase, generation } = use.ref
  const name = downstreamOf(use.contract.contract)
  return {
    name,
    limits: limitsOf(use.contract.contract, deps.limits),
    atWork: record.downstreams != null && Object.hasOwn(record.downstreams, name),
    call: [action_id, step, phase, generation, use.purpose].join('/'),
  }
}
