import { isLeaseRefused } from '../src/contract/lease-refused.js'
import { isNotCommitted } from '../src/contract/not-committed.js'
import type { Tool } from '../src/contract/tool.js'
import { crashPoint } from '../src/crash-point.js'
import type { Secrets } from '../src/credentials/secrets.js'
import { digest } from '../src/digest.js'
import type { ErrorCode } from '../src/domain/errors.js'
import { type JsonObject, unstorable } from '../src/domain/json.js'
import type { ActionRequest } from '../src/domain/request.js'
import { recordObservation } from '../src/ledger/queries/record-observation.js'
import { type CallOutcome, recordOutcome } from '../src/ledger/queries/record-outcome.js'
import type { Call, ExecutorDeps } from './call.js'
import { within } from './deadline.js'
import { type GivenCall, giveCall, TooLate } from './given-call.js'
import { seenOutput } from './seen-output.js'
import type { Heard } from './slot.js'

/** A try that the ledger has authorised. */
export interface Attempted {
  /** Counted from 1. */
  readonly attempt: number
  /** Performance clock, from before the attempt was written: a process that slept past the deadline does not call. */
  readonly startedAt: number
  readonly request: ActionRequest
}

/** Makes one attempt and records what came of it. Resolves to what was recorded; null if another answer stands. */
export async function callTool(deps: ExecutorDeps, call: Call, attempted: Attempted): Promise<CallOutcome | null> {
  const tool = deps.tools.get(call.contract.digest) as Tool
  let release = async () => {}
  const outcome = await attemptCall(tool, call, async () => {
    const given = await giveCall(deps, tool, {
      ...attempted,
      ref: call.ref,
      purpose: 'call',
      ...(call.atMost !== undefined && { atMost: call.atMost }),
    })
    release = given.release
    return given
  })
  // What came of the call is written at once, not after a provider that is slow to end a credential.
  const released = release()
  try {
    return await record(deps, tool, call, attempted, outcome)
  } finally {
    await released
  }
}

async function record(
  deps: ExecutorDeps,
  tool: Tool,
  call: Call,
  { attempt, request }: Attempted,
  whole: CallOutcome,
): Promise<CallOutcome | null> {
  // From here on nobody but an observation has what the views of the contract hide.
  const outcome = { ...whole, ...(whole.output && (await seenOutput(deps, call, request, whole.output))) }
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
  return effect && { ...outcome, effect }
}

async function attemptCall(tool: Tool, call: Call, give: () => Promise<GivenCall>): Promise<CallOutcome> {
  if (call.undo && !call.undoes?.output)
    return notMade('EXQ-5006', 'the output of the call was lost, so it cannot be undone by machine')
  let given: GivenCall
  try {
    given = await give()
  } catch (error) {
    if (error instanceof TooLate)
      return notMade('EXQ-5004', 'the executor woke up after the deadline of the call and did not make it')
    return notMade('EXQ-5008', isLeaseRefused(error) ? error.message : 'the credentials cannot be had')
  }
  try {
    const args = tool.parseArgs(call.args)
    if (call.undo) {
      crashPoint('undo.unsent')
      await within(given.signal, tool.compensate?.(args, call.undoes?.output, given) ?? Promise.resolve())
      crashPoint('undo.called')
      return { effect: 'committed', output: null, error: null }
    }
    crashPoint('call.unsent')
    const output = await within(given.signal, tool.execute(args, given))
    crashPoint('call.answered')
    return checkedOutput(tool, output, given.secrets)
  } catch (error) {
    const detail = messageOf(error, given.secrets)
    if (isNotCommitted(error)) return definiteNo('EXQ-5004', detail)
    return { effect: 'unknown', output: null, error: { code: 'EXQ-5002', detail } }
  }
}

function checkedOutput(tool: Tool, output: unknown, secrets: Secrets): CallOutcome {
  const refused = (code: ErrorCode, detail: string): CallOutcome => ({
    effect: 'unknown',
    output: null,
    error: { code, detail },
  })
  try {
    const text = JSON.stringify(tool.parseOutput(output))
    if (Buffer.byteLength(text) > largestOutput) throw new TypeError(`the output is larger than ${largestOutput} bytes`)
    const parsed = JSON.parse(text) as JsonObject
    if (unstorable(parsed))
      throw new TypeError('the output holds text that cannot be kept (NUL or half a surrogate pair)')
    if (secrets.areIn(text))
      return refused('EXQ-5010', 'the output holds a secret of the call, so nothing of it is kept')
    return { effect: 'committed', output: parsed, error: null }
  } catch (error) {
    // A complaint about an output may quote from it.
    const detail = tool.contract.views ? 'the output is not what the contract says' : messageOf(error, secrets)
    return refused('EXQ-5003', detail)
  }
}

/** What the outcome of a call says of its downstream: any answer is one, a refusal too. */
export function heardFrom(outcome: CallOutcome | null): Heard {
  if (!outcome || outcome.made === false) return 'not-made'
  return outcome.error?.code === 'EXQ-5002' ? 'silent' : 'answered'
}

function notMade(code: ErrorCode, detail: string): CallOutcome {
  return { ...definiteNo(code, detail), made: false }
}

function definiteNo(code: ErrorCode, detail: string): CallOutcome {
  return { effect: 'not-committed', output: null, error: { code, detail } }
}

const longestDetail = 500
// Well below what one event of a history can hold.
const largestOutput = 256 * 1_024

/** An error's message without any secret of the call in it. */
export function messageOf(error: unknown, secrets: Secrets): string {
  const message = error instanceof Error ? error.message : String(error)
  return secrets
    .hide(message)
    .slice(0, longestDetail)
    .replace(/\0|\p{Cs}/gu, '\uFFFD')
}
