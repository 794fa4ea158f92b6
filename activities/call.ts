import { createHash } from 'node:crypto'
import type { Tool } from '../src/contract/tool.js'
import type { RegisteredContract } from '../src/domain/contract.js'
import type { LimitOverrides } from '../src/domain/downstream-limits.js'
import type { JsonObject } from '../src/domain/json.js'
import type { Admitted, EvidenceDeps } from '../src/evidence/admitted.js'
import { intentOf } from '../src/evidence/call-rows.js'
import type { CallRef } from '../src/ledger/queries/record-intent.js'
import type { ActingPrincipal } from '../src/policy/decide.js'

export interface ExecutorDeps extends EvidenceDeps {
  readonly deployment: string
  /** Names this process in attempts. */
  readonly executor: string
  /** The loaded tools, by contract digest. */
  readonly tools: ReadonlyMap<string, Tool>
  /** Limits of downstreams in place of what contracts say; none, if left out. */
  readonly limits?: LimitOverrides
  /** Tells whoever runs the executor; facts hold no secret. */
  readonly warn: (facts: Readonly<Record<string, unknown>>, message: string) => void
}

/** One call to make under authority: who, what, with which arguments. */
export interface Call {
  readonly ref: CallRef
  /** The idempotency key: of the intent that stands, else what the intent is to be written with. */
  readonly key: string
  readonly round: number
  readonly contract: RegisteredContract
  readonly principal: ActingPrincipal
  readonly args: JsonObject
  readonly undo: boolean
  /** The output of the committed call that an undo undoes. */
  readonly undoes: { readonly output: JsonObject | null; readonly attempt: number | null } | null
  /** Objects it may touch, where the contract counts them. */
  readonly atMost?: number
}

/**
 * The key of a call, for all of its tries: as its intent has it, whoever wrote that under whatever name of the deployment;
 * else as its intent is to have it.
 */
export function keyOf(deps: Pick<ExecutorDeps, 'deployment'>, admitted: Admitted, call: CallRef): string {
  return intentOf(admitted, call)?.idempotency_key ?? idempotencyKey(deps.deployment, call)
}

/** Of one call, and of no other. Rises with the generation, by a recorded human order only. */
function idempotencyKey(deployment: string, call: CallRef): string {
  const hash = createHash('sha256')
  for (const part of [deployment, call.tenant, call.action_id, call.step, call.phase, String(call.generation)]) {
    hash.update(`${Buffer.byteLength(part)}:${part}`)
  }
  return `exq_${hash.digest('hex').slice(0, 40)}`
}
