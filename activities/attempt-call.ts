import { isLeaseRefused } from '../src/contract/lease-refused.js'
import { isNotCommitted } from '../src/contract/not-committed.js'
import type { Tool } from '../src/contract/tool.js'
import { crashPoint } from '../src/crash-point.js'
import type { Secrets } from '../src/credentials/secrets.js'
import { isUnavailable, meaningOf } from '../src/domain/answers.js'
import type { ErrorCode } from '../src/domain/errors.js'
import { promiseFor } from '../src/domain/execution.js'
import { type JsonObject, unstorable } from '../src/domain/json.js'
import type { CallOutcome } from '../src/ledger/queries/record-outcome.js'
import type { Call } from './call.js'
import { within } from './deadline.js'
import { type GivenCall, TooLate } from './given-call.js'
import type { Heard } from './slot.js'

/**
 * Makes the one call of an attempt, if it can still be made, and says what it came to. `late` is given what an answer
 * says that comes after the deadline, where it says anything.
 */
export async function attemptCall(
  tool: Tool,
  call: Call,
  give: () => Promise<GivenCall>,
  late: (outcome: CallOutcome) => unknown,
): Promise<CallOutcome> {
  if (call.undo && !call.undoes?.output)
    return notMade('EXQ-5006', 'the output of the call was lost, so it cannot be undone by machine')
  let given: GivenCall
  try {
    given = await give()
  } catch (error) {
    if (error instanceof TooLate) return notMade('EXQ-5004', error.message)
    return notMade('EXQ-5008', isLeaseRefused(error) ? error.message : 'the credentials cannot be had')
  }
  const read = (settled: PromiseSettledResult<unknown>): CallOutcome => {
    if (settled.status === 'rejected') return refusalOf(tool, call, settled.reason, given.secrets)
    if (call.undo) return { effect: 'committed', output: null, error: null }
    return checkedOutput(tool, settled.value, given.secrets)
  }
  const heard = (settled: PromiseSettledResult<unknown>) => {
    const outcome = read(settled)
    if (outcome.effect !== 'unknown') late(outcome)
  }
  try {
    const args = tool.parseArgs(call.args)
    crashPoint(call.undo ? 'undo.unsent' : 'call.unsent')
    if (given.leftMs() <= 0) throw new TooLate()
    const value = await within(given.signal, send(tool, call, args, given), heard)
    crashPoint(call.undo ? 'undo.called' : 'call.answered')
    return read({ status: 'fulfilled', value })
  } catch (reason) {
    return read({ status: 'rejected', reason })
  }
}

async function send(tool: Tool, call: Call, args: Record<string, unknown>, given: GivenCall): Promise<unknown> {
  return call.undo ? tool.compensate?.(args, call.undoes?.output, given) : tool.execute(args, given)
}

/** What a call came to that ended in an error: what the tool, or the contract, says of it; else nobody knows. */
function refusalOf(tool: Tool, call: Call, error: unknown, secrets: Secrets): CallOutcome {
  const detail = messageOf(error, secrets)
  if (error instanceof TooLate) return notMade('EXQ-5004', detail)
  if (isNotCommitted(error)) return definiteNo('EXQ-5004', detail)
  switch (meaningOf(error, promiseFor(tool.contract, call.ref.phase))) {
    case 'yes':
      // Done before, by an answer that was lost: what it returned is for a look to find.
      return { effect: 'committed', output: null, error: null }
    case 'no':
      return { ...definiteNo('EXQ-5004', detail), ...(isUnavailable(error) && { unavailable: true }) }
    default:
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

/** What the outcome of a call says of its downstream: any answer is one, a refusal too, but not that it is not there. */
export function heardFrom(outcome: CallOutcome | null): Heard {
  if (!outcome || outcome.made === false) return 'not-made'
  return outcome.unavailable || outcome.error?.code === 'EXQ-5002' ? 'silent' : 'answered'
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
