import type { Tool, ToolCall } from '../src/contract/tool.js'
import type { Secrets } from '../src/credentials/secrets.js'
import { promiseFor } from '../src/domain/execution.js'
import type { ActionRequest } from '../src/domain/request.js'
import type { CallRef } from '../src/ledger/queries/record-intent.js'
import { recordLeases } from '../src/ledger/queries/record-leases.js'
import type { ExecutorDeps } from './call.js'
import { type Moment, msSince } from './elapsed.js'
import { lease } from './lease.js'

/** One use of a tool: a call, or a look at what a call came to. */
export interface Use {
  readonly ref: CallRef
  /** The attempt that was written for the call, before this. */
  readonly attempt: number
  readonly purpose: 'call' | 'verify'
  /** The idempotency key that is given. */
  readonly key: string
  readonly request: ActionRequest
  /** Objects the call may touch, where the contract counts them. */
  readonly atMost?: number
  /** From before the attempt was written. */
  readonly startedAt: Moment
}

/** What a tool is given, with the way to end it. */
export interface GivenCall extends ToolCall {
  readonly secrets: Secrets
  /** Until the deadline, in milliseconds; a process that was asleep is past it before `signal` knows. */
  readonly leftMs: () => number
  /** To be called once, when the tool is done: ends the credentials. Never rejects. */
  readonly release: () => Promise<void>
}

/** The deadline passed before the tool could be called: a process that slept does not call at all. */
export class TooLate extends Error {
  constructor(message = 'the executor woke up after the deadline of the call and did not make it') {
    super(message)
  }
}

/**
 * Gets a call ready: its deadline, and the credentials, which are leased only here. Rejects with {@link TooLate} or a
 * `LeaseRefused`; then nothing was called, and nothing is left to release.
 */
export async function giveCall(deps: ExecutorDeps, tool: Tool, use: Use): Promise<GivenCall> {
  const { ref, request } = use
  const { call_timeout_ms } = promiseFor(tool.contract, ref.phase)
  const leftMs = () => call_timeout_ms - msSince(use.startedAt)
  const ttl_ms = Math.floor(leftMs())
  if (ttl_ms <= 0) throw new TooLate()
  const deadline = new AbortController()
  const timer = setTimeout(() => deadline.abort(new Error('the call took longer than its deadline')), ttl_ms)
  try {
    const leased = await lease(deps, tool, {
      about: ref,
      purpose: use.purpose,
      record: (facts) => recordLeases(deps.pool, ref, use.attempt, facts),
      request: {
        tenant: ref.tenant,
        action_id: ref.action_id,
        tool: tool.contract.name,
        step: ref.step,
        phase: use.purpose === 'verify' ? 'verify' : ref.phase,
        attempt: use.attempt,
        agent: request.agent,
        on_behalf_of: request.on_behalf_of ?? null,
        scope: use.purpose === 'verify' || tool.effect === 'none' ? 'read' : 'write',
        ttl_ms,
        signal: deadline.signal,
      },
    })
    if (leftMs() <= 0) {
      await leased.release()
      throw new TooLate()
    }
    return {
      idempotencyKey: use.key,
      credentials: leased.credentials,
      signal: deadline.signal,
      tenant: ref.tenant,
      actionId: ref.action_id,
      ...(use.atMost !== undefined && { atMost: use.atMost }),
      secrets: leased.secrets,
      leftMs,
      release: () => {
        clearTimeout(timer)
        return leased.release()
      },
    }
  } catch (error) {
    clearTimeout(timer)
    throw error
  }
}
