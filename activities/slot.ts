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
  const { slotUse, limits, atWork } = slotUseOf(deps, admitted, use)
  if (!limits.rate && !atWork) return
  const waits = await takeSlotNow(deps, slotUse)
  if (waits) throw retryLater(waits.why, waits.ms)
}

/** Something that comes to use a downstream. */
export interface SlotUse {
  readonly tenant: string
  readonly contract: RegisteredContract
  /** The same whenever it comes again. */
  readonly call: string
  readonly undo: boolean
  readonly timeout_ms: number
}

export interface Waits {
  readonly for: 'breaker' | 'rate'
  /** At least 1. */
  readonly ms: number
  readonly why: string
}

/** Takes a slot of a downstream now; resolves to what it has to wait for, if it may not be used, else to null. */
export async function takeSlotNow(deps: ExecutorDeps, slotUse: SlotUse): Promise<Waits | null> {
  const { tenant, call, undo, timeout_ms } = slotUse
  const { name, limits } = downstreamAt(deps, slotUse)
  return inTransaction(deps.pool, async (db) => {
    const held = await lockDownstream(db, tenant, name, call)
    const asked = { call, undo, timeout_ms, slot_at: held.slot_at, undoWaits: held.undo_waits }
    const { standing, waits } = takeSlot(held.standing, limits, asked, held.now_ms)
    const spread = waits?.for === 'breaker' ? Math.random() * spreadMs : 0
    const slot_at = waits && waits.slot_at + spread
    await writeDownstream(db, tenant, name, { standing, call, undo, slot_at })
    if (!waits || slot_at === null) return null
    const why =
      waits.for === 'breaker'
        ? `EXQ-5070 ${name} does not answer, and is left alone for now`
        : `EXQ-5071 ${name} is called as fast as it may be`
    return { for: waits.for, ms: Math.max(Math.ceil(slot_at - held.now_ms), 1), why }
  })
}

/** Notes whether a downstream answered, where that may open or close its breaker. */
export async function noteHeard(
  deps: ExecutorDeps,
  admitted: Admitted,
  use: DownstreamUse,
  heard: Heard,
): Promise<void> {
  const { slotUse, atWork } = slotUseOf(deps, admitted, use)
  if (heard !== 'silent' && !atWork) return
  await noteSlotUse(deps, slotUse, heard)
}

/** The same, of whatever has used a downstream. */
export async function noteSlotUse(deps: ExecutorDeps, slotUse: SlotUse, heard: Heard): Promise<void> {
  const { tenant, call, undo } = slotUse
  const { name, limits } = downstreamAt(deps, slotUse)
  if (!limits.breaker || heard === 'not-made') return
  const change = await inTransaction(deps.pool, async (db) => {
    const held = await lockDownstream(db, tenant, name, call)
    if (heard === 'unsure' && held.standing.breaker.probe?.call !== call) return null
    const made = { call, answered: heard === 'answered', chance: Math.random() }
    const noted = noteCall(held.standing, limits, made, held.now_ms)
    const reason = noted.change === 'open' ? 'calls got no answer' : 'a call was answered'
    await writeDownstream(db, tenant, name, {
      standing: noted.standing,
      call,
      undo,
      slot_at: null,
      change: noted.change && { state: noted.change, reason, executor: deps.executor },
    })
    return noted.change
  })
  if (change) deps.warn({ tenant, downstream: name, breaker: change }, 'the breaker of a downstream changed')
}

interface DownstreamStanding {
  readonly slotUse: SlotUse
  readonly limits: Limits
  /** It is not at rest, as far as the load of this action knew. */
  readonly atWork: boolean
}

function slotUseOf(
  deps: ExecutorDeps,
  { record }: Admitted,
  { ref, contract, purpose }: DownstreamUse,
): DownstreamStanding {
  const { tenant, action_id, step, phase, generation } = ref
  const slotUse = {
    tenant,
    contract,
    call: [action_id, step, phase, generation, purpose].join('/'),
    undo: phase === 'compensate',
    timeout_ms: promiseFor(contract.contract, phase).call_timeout_ms,
  }
  const { name, limits } = downstreamAt(deps, slotUse)
  return { slotUse, limits, atWork: record.downstreams != null && Object.hasOwn(record.downstreams, name) }
}

function downstreamAt(
  deps: ExecutorDeps,
  { contract }: Pick<SlotUse, 'contract'>,
): { readonly name: string; readonly limits: Limits } {
  return { name: downstreamOf(contract.contract), limits: limitsOf(contract.contract, deps.limits) }
}
