import type { Binding, PinnedContract } from './contract.js'
import { isObject, type JsonObject } from './json.js'

/** One tool call of a plan. `id` matches `[a-z][a-z0-9_]*` and names the step in references, keys and activity ids. */
export interface Step {
  readonly id: string
  readonly tool: string
  readonly version?: number
  readonly args: JsonObject
}

/** Limits a requester puts on its own plan. */
export interface Bounds {
  readonly steps?: number
  readonly calls?: number
  readonly writes?: number
  readonly spend_cents?: number
}

export interface Plan {
  readonly goal?: string
  readonly steps: readonly Step[]
  readonly bounds?: Bounds
}

/** Why and for whom; recorded as given, believed only where a credential confirms it. */
export interface RequestContext {
  readonly request_id: string
  readonly ticket_id?: string
  readonly user_id?: string
  readonly incident_id?: string
  readonly session_id?: string
  readonly reason?: string
  readonly trigger?: string
  readonly model?: JsonObject
  readonly requires_approval?: boolean
}

/** The admitted request: the bytes of this, in RFC 8785 form, are what the request digest covers. */
export interface ActionRequest {
  readonly tenant: string
  readonly agent: string
  /** The person it is made for, as the credential says. */
  readonly on_behalf_of?: string
  /** Earlier actors of the credential, nearest first: principals where known, else `oidc:<issuer>#<subject>`. */
  readonly actors?: readonly string[]
  /** The session, where the credential confirms one. */
  readonly session?: string
  readonly plan: Plan
  readonly context: RequestContext
}

/** The workflow's input. It shows what was asked; nobody acts on this copy. */
export interface AdmittedRequest {
  readonly action_id: string
  readonly request: ActionRequest
  readonly request_digest: string
  readonly contracts: Readonly<Record<string, PinnedContract>>
}

/** `{"$from": "step1.refund_id"}`: filled from an earlier step's output. */
export interface Reference {
  readonly step: string
  readonly field: string
}

export function referenceIn(value: unknown): Reference | null {
  if (!isObject(value) || Object.keys(value).length !== 1 || typeof value.$from !== 'string') return null
  const match = /^([a-z][a-z0-9_]*)\.([A-Za-z0-9_]+)$/.exec(value.$from)
  return match ? { step: match[1] as string, field: match[2] as string } : null
}

/** The object a request is about, as `ticket:zd_1`; null if it names none. */
export function subjectOf(context: RequestContext): string | null {
  for (const binding of ['ticket_id', 'incident_id', 'user_id'] as const satisfies readonly Binding[]) {
    const value = context[binding]
    if (value) return `${binding.replace('_id', '')}:${value}`
  }
  return null
}
