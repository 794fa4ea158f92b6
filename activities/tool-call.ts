import { readFile } from 'node:fs/promises'
import { isNotCommitted } from '../src/contract/not-committed.js'
import type { CredentialReference, Tool, ToolCall } from '../src/contract/tool.js'
import { digest } from '../src/digest.js'
import type { ErrorCode } from '../src/domain/errors.js'
import { type JsonObject, unstorable } from '../src/domain/json.js'
import type { CallRef } from '../src/ledger/queries/record-intent.js'
import { recordObservation } from '../src/ledger/queries/record-observation.js'
import { type CallOutcome, recordOutcome } from '../src/ledger/queries/record-outcome.js'
import { type Call, type ExecutorDeps, idempotencyKey } from './call.js'

/**
 * Makes one attempt that the ledger has authorised and records what came of it. `startedAt` (performance clock) is
 * from before the attempt was written: a process that slept past the deadline since then does not call at all.
 * Resolves to what was recorded; null if another answer stands.
 */
export async function callTool(
  deps: ExecutorDeps,
  call: Call,
  attempt: number,
  startedAt: number,
): Promise<CallOutcome | null> {
  const tool = deps.tools.get(call.contract.digest) as Tool
  const outcome = await attemptCall(deps, tool, call, startedAt)
  if (call.ref.phase === 'observe' && outcome.effect === 'committed' && outcome.output) {
    const { output } = outcome
    const observation = { tool: tool.contract.name, output, output_digest: digest(output) }
    return (await recordObservation(deps.pool, call.ref, attempt, observation)) ? outcome : null
  }
  const toVerify = call.ref.phase === 'execute' && tool.verify !== null
  const effect = await recordOutcome(deps.pool, call.ref, attempt, outcome, toVerify)
  return effect && { ...outcome, effect }
}

/** What a tool is given; credentials are resolved here, per call. Throws the name of one that cannot be had. */
export async function toolCall(
  deps: ExecutorDeps,
  tool: Tool,
  ref: CallRef,
  startedAt: number,
): Promise<ToolCall & { readonly left_ms: number; readonly release: () => void }> {
  const credentials: Record<string, string> = {}
  for (const [name, reference] of Object.entries(tool.credentials))
    credentials[name] = await resolveCredential(name, reference)
  const left_ms = tool.contract.downstream.call_timeout_ms - (performance.now() - startedAt)
  const deadline = new AbortController()
  const timer = setTimeout(
    () => deadline.abort(new Error('the call took longer than its deadline')),
    Math.max(left_ms, 0),
  )
  return {
    idempotencyKey: idempotencyKey(deps.deployment, ref),
    credentials,
    signal: deadline.signal,
    tenant: ref.tenant,
    actionId: ref.action_id,
    left_ms,
    release: () => clearTimeout(timer),
  }
}

/** Settles with the work, or rejects at the deadline of the call whatever the work does. */
export function withinDeadline<T>(signal: AbortSignal, work: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason), { once: true })
    work.then(resolve, reject)
  })
}

async function attemptCall(deps: ExecutorDeps, tool: Tool, call: Call, startedAt: number): Promise<CallOutcome> {
  let given: Awaited<ReturnType<typeof toolCall>>
  try {
    given = await toolCall(deps, tool, call.ref, startedAt)
  } catch (error) {
    return definiteNo('EXQ-5008', messageOf(error, {}))
  }
  if (given.left_ms <= 0)
    return definiteNo('EXQ-5004', 'the executor woke up after the deadline of the call and did not make it')
  try {
    const args = tool.parseArgs(call.args)
    if (call.undo) {
      if (!call.undoes?.output)
        return definiteNo('EXQ-5006', 'the output of the call was lost, so it cannot be undone by machine')
      await withinDeadline(given.signal, tool.compensate?.(args, call.undoes.output, given) ?? Promise.resolve())
      return { effect: 'committed', output: null, error: null }
    }
    const output = await withinDeadline(given.signal, tool.execute(args, given))
    return checkedOutput(tool, output, given.credentials)
  } catch (error) {
    const detail = messageOf(error, given.credentials)
    if (isNotCommitted(error)) return definiteNo('EXQ-5004', detail)
    return { effect: 'unknown', output: null, error: { code: 'EXQ-5002', detail } }
  } finally {
    given.release()
  }
}

function checkedOutput(tool: Tool, output: unknown, credentials: Readonly<Record<string, string>>): CallOutcome {
  try {
    const text = JSON.stringify(tool.parseOutput(output))
    if (Buffer.byteLength(text) > largestOutput) throw new TypeError(`the output is larger than ${largestOutput} bytes`)
    const parsed = JSON.parse(text) as JsonObject
    if (unstorable(parsed))
      throw new TypeError('the output holds text that cannot be kept (NUL or half a surrogate pair)')
    return { effect: 'committed', output: parsed, error: null }
  } catch (error) {
    return { effect: 'unknown', output: null, error: { code: 'EXQ-5003', detail: messageOf(error, credentials) } }
  }
}

function definiteNo(code: ErrorCode, detail: string): CallOutcome {
  return { effect: 'not-committed', output: null, error: { code, detail } }
}

async function resolveCredential(name: string, reference: CredentialReference): Promise<string> {
  const [kind, ...rest] = reference.split(':')
  const place = rest.join(':')
  const value = kind === 'env' ? process.env[place] : (await readFile(place, 'utf8').catch(() => undefined))?.trim()
  if (!value) throw new Error(`the credential ${name} cannot be resolved from ${reference}`)
  return value
}

const longestDetail = 500
// Well below what one event of a history can hold.
const largestOutput = 256 * 1_024

/** An error's message without any secret of the call in it. */
export function messageOf(error: unknown, credentials: Readonly<Record<string, string>>): string {
  let message = error instanceof Error ? error.message : String(error)
  const secrets = Object.values(credentials).sort((a, b) => b.length - a.length)
  for (const secret of secrets) message = message.replaceAll(secret, '[secret]')
  return message.slice(0, longestDetail).replace(/\0|\p{Cs}/gu, '\uFFFD')
}
