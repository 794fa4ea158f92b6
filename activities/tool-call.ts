import type { Tool } from '../src/contract/tool.js'
import { digest } from '../src/digest.js'
import type { ActionRequest } from '../src/domain/request.js'
import { mayStillCall } from '../src/ledger/queries/may-still-call.js'
import { recordLateResult } from '../src/ledger/queries/record-late-result.js'
import { recordObservation } from '../src/ledger/queries/record-observation.js'
import { type CallOutcome, recordOutcome } from '../src/ledger/queries/record-outcome.js'
import { attemptCall } from './attempt-call.js'
import type { Call, ExecutorDeps } from './call.js'
import { type Moment, msSince, presentMoment } from './elapsed.js'
import { giveCall, TooLate } from './given-call.js'
import { seenOutput } from './seen-output.js'

/** A try that the ledger has authorised. */
export interface Attempted {
  /** Counted from 1. */
  readonly attempt: number
  /** From before the attempt was written: a process that slept past the deadline does not call. */
  readonly startedAt: Moment
  readonly request: ActionRequest
}

/** Makes one attempt and records what came of it. Resolves to what was recorded; null if another answer stands. */
export async function callTool(deps: ExecutorDeps, call: Call, attempted: Attempted): Promise<CallOutcome | null> {
  const tool = deps.tools.get(call.contract.digest) as Tool
  let release = async () => {}
  const fencedAt = presentMoment()
  const give = async () => {
    const given = await giveCall(deps, tool, {
      ...attempted,
      ref: call.ref,
      key: call.key,
      purpose: 'call',
      ...(call.atMost !== undefined && { atMost: call.atMost }),
    })
    release = given.release
    const stale = msSince(fencedAt) > freshFenceMs
    if (stale && !(await mayStillCall(deps.pool, call.ref, attempted.attempt)))
      throw new TooLate('another attempt, or an answer, came before this call, which was not made')
    return given
  }
  const outcome = await attemptCall(tool, call, give, (late) => void keepLate(deps, call, attempted, late))
  // What came of the call is written at once, not after a provider that is slow to end a credential.
  const released = release()
  try {
    return await record(deps, tool, call, attempted, outcome)
  } finally {
    await released
  }
}

// An attempt that was written just now is the newest: nobody looks before its deadline has passed.
const freshFenceMs = 500

/** Keeps an answer that came after the deadline. Whoever waits for the call looks again; nobody waits here. */
async function keepLate(deps: ExecutorDeps, call: Call, attempted: Attempted, whole: CallOutcome): Promise<void> {
  if (call.ref.phase === 'observe') return
  try {
    await recordLateResult(deps.pool, call.ref, attempted.attempt, await seen(deps, call, attempted, whole))
  } catch {
    deps.warn({ ...call.ref, attempt: attempted.attempt }, 'an answer that came late could not be recorded')
  }
}

/** From here on nobody but an observation has what the views of the contract hide. */
async function seen(deps: ExecutorDeps, call: Call, { request }: Attempted, whole: CallOutcome): Promise<CallOutcome> {
  return { ...whole, ...(whole.output && (await seenOutput(deps, call, request, whole.output))) }
}

async function record(
  deps: ExecutorDeps,
  tool: Tool,
  call: Call,
  attempted: Attempted,
  whole: CallOutcome,
): Promise<CallOutcome | null> {
  const { attempt } = attempted
  const outcome = await seen(deps, call, attempted, whole)
  if (call.ref.phase === 'observe' && whole.effect === 'committed' && whole.output) {
    const { output } = whole
    const observation = { tool: tool.contract.name, output, output_digest: digest(output) }
    return (await recordObservation(
      deps.pool,
      call.ref,
      attempt,
      observation,
      outcome,
      tool.contract.downstream.call_timeout_ms,
    ))
      ? outcome
      : null
  }
  const toVerify = call.ref.phase === 'execute' && tool.verify !== null
  const effect = await recordOutcome(deps.pool, call.ref, attempt, outcome, toVerify)
  // Something else stands: what this one says is kept beside it.
  if (effect === null && outcome.effect !== 'unknown') await keepLate(deps, call, attempted, whole)
  return effect && { ...outcome, effect }
}
