import { checkArgs } from '../contract/check-args.js'
import { crashPoint } from '../crash-point.js'
import { canonical, digest, digestBytes, shortId } from '../digest.js'
import { type PinnedContract, type Risk, risks } from '../domain/contract.js'
import { ExequaturError } from '../domain/errors.js'
import type { Json } from '../domain/json.js'
import { planProblems } from '../domain/plan.js'
import { readUsage } from '../domain/reported-usage.js'
import {
  type ActionRequest,
  type AdmittedRequest,
  type Plan,
  type RequestContext,
  type Step,
  subjectOf,
} from '../domain/request.js'
import { type Stop, tellStop } from '../domain/stop.js'
import { observationKey } from '../evidence/admitted.js'
import { stopOf } from '../evidence/stops.js'
import type { Authority } from '../identity/authority.js'
import { admitAction } from '../ledger/queries/admit-action.js'
import { authenticateAgain } from './authenticate.js'
import type { Caller, ControlPlane } from './control-plane.js'

/** What an agent sends, its shape already checked. */
export interface Submission {
  readonly plan: Plan
  readonly context: RequestContext & {
    readonly actor?: string | undefined
    readonly tenant?: string | undefined
    readonly on_behalf_of?: string | undefined
    readonly traceparent?: string | undefined
  }
}

export interface Submitted {
  readonly action_id: string
  /** The request is the same as one that waits for people, and goes on as that one. */
  readonly joined: boolean
}

/**
 * Admits a request once under (tenant, agent, request id) and starts its workflow. The same request again is the same
 * action, and one that differs only in its id from one that waits for people is joined with it. Throws the coded reason where it cannot be admitted; then there is no action and no workflow.
 */
export async function submitAction(plane: ControlPlane, caller: Caller, submission: Submission): Promise<Submitted> {
  if (caller.principal.kind !== 'agent') throw new ExequaturError('EXQ-2002', 'only agents ask for actions')
  refuseOtherIdentity(caller, submission)
  const request = toRequest(caller, submission)
  const bytes = canonical(request)
  const request_digest = digestBytes(bytes)
  const { tenant, agent } = request
  const { request_id } = request.context
  const action_id = shortId('act', tenant, agent, request_id)
  const { authority } = caller
  const problems = planProblems(request, (step) => authority.contractOf(step.tool, step.version), checkArgs)
  const contracts = problems.length === 0 ? pinContracts(request, authority) : {}
  const about = aboutPlan(request, authority)
  const stop = endingStop(request, contracts, authority)
  const loops = plane.budgetRules?.loops ?? null
  const usage = readUsage(submission.context.model?.usage)
  crashPoint('request.checked')
  const answer = await admitAction(plane.pool, {
    tenant,
    id: action_id,
    agent,
    request_id,
    request: bytes,
    request_digest,
    contracts,
    ...about,
    subject: subjectOf(request.context),
    authority_revision: authority.revision,
    sound: problems.length === 0 && !stop,
    fingerprint: fingerprintOf(request, contracts),
    pending_limit: plane.pendingPerAgent,
    repeats: loops && { most: loops.identicalCalls, window_ms: loops.windowMs },
    reported: usage && { ...usage, owner: authority.principal(agent)?.owner ?? '' },
  })
  // The authority moved: whoever the caller now is, and for whom, the request is made anew from it.
  const again = async () => submitAction(plane, await authenticateAgain(plane.authorities, caller), submission)
  if (!answer.held) return again()
  if (answer.existing) {
    if (answer.existing.request_digest !== request_digest) {
      throw new ExequaturError('EXQ-1105', `${request_id} belongs to ${answer.existing.id}`)
    }
    const { existing } = answer
    if (!existing.outcome)
      await start(plane, { action_id, request, request_digest, contracts: existing.contracts }, about)
    return { action_id, joined: false }
  }
  if (answer.joined) {
    if (answer.joined.request_digest !== request_digest)
      throw new ExequaturError('EXQ-1105', `${request_id} belongs to ${answer.joined.id}`)
    return { action_id: answer.joined.id, joined: true }
  }
  if (problems[0]) {
    throw new ExequaturError(problems[0].code, problems[0].message, problems)
  }
  if (stop) throw new ExequaturError('EXQ-1110', tellStop(stop))
  if (answer.full) throw new ExequaturError('EXQ-1111', `${agent}: ${plane.pendingPerAgent} wait`)
  if (answer.looped)
    throw new ExequaturError('EXQ-1122', `${agent} asked for exactly this ${loops?.identicalCalls} times lately`)
  if (answer.admitted) {
    crashPoint('request.admitted')
    await start(plane, { action_id, request, request_digest, contracts }, about)
    return { action_id, joined: false }
  }
  return again()
}

// Admission is durable: where Temporal does not answer, the start is made up for later.
async function start(
  plane: ControlPlane,
  admitted: AdmittedRequest,
  about: { tools: string[]; risk: Risk },
): Promise<void> {
  await plane.workflows.start(admitted, about).catch(() => undefined)
  crashPoint('request.started')
}

function refuseOtherIdentity(caller: Caller, { context }: Submission): void {
  const { actor, tenant, on_behalf_of, session_id } = context
  if (actor !== undefined && actor !== caller.principal.principal) {
    throw new ExequaturError('EXQ-1104', `actor is ${actor}, the credential belongs to ${caller.principal.principal}`)
  }
  if (tenant !== undefined && tenant !== caller.tenant) {
    throw new ExequaturError('EXQ-1104', `tenant is ${tenant}, the credential belongs to ${caller.tenant}`)
  }
  if (on_behalf_of !== undefined && on_behalf_of !== caller.onBehalfOf) {
    const actsFor = caller.onBehalfOf ?? 'nobody else'
    throw new ExequaturError('EXQ-1104', `on_behalf_of is ${on_behalf_of}, but the credential acts for ${actsFor}`)
  }
  if (session_id !== undefined && caller.session !== null && session_id !== caller.session) {
    throw new ExequaturError('EXQ-1104', `session_id is ${session_id}, the credential is of another session`)
  }
}

/** What the request digest covers: all but the trace parent and the model's usage, which a retry may change. */
export function toRequest(
  caller: Pick<Caller, 'tenant' | 'onBehalfOf' | 'actors' | 'session'> & {
    readonly principal: { readonly principal: string }
  },
  { plan, context }: Submission,
): ActionRequest {
  const { actor: _a, tenant: _t, on_behalf_of: _o, traceparent: _p, model, ...rest } = context
  const { usage: _u, ...kept } = model ?? {}
  return JSON.parse(
    JSON.stringify({
      tenant: caller.tenant,
      agent: caller.principal.principal,
      ...(caller.onBehalfOf !== null && { on_behalf_of: caller.onBehalfOf }),
      ...(caller.actors.length > 0 && { actors: caller.actors }),
      ...(caller.session !== null && { session: caller.session }),
      plan,
      context: { ...rest, ...(model && { model: kept }) },
    }),
  ) as ActionRequest
}

export function pinContracts(request: ActionRequest, authority: Authority): Record<string, PinnedContract> {
  const pinned: Record<string, PinnedContract> = {}
  const pin = (key: string, tool: string, version?: number) => {
    const known = authority.contractOf(tool, version)
    if (!known) throw new ExequaturError('EXQ-1101', `${tool}, which ${key} needs, is not known`)
    pinned[key] = { tool: known.contract.name, version: known.contract.version, digest: known.digest }
    return known.contract
  }
  for (const step of request.plan.steps) {
    const { observe } = pin(step.id, step.tool, step.version)
    if (observe) pin(observationKey(step.id), observe.tool)
  }
  return pinned
}

/** The same for requests that differ in nothing but their id, and what the model says of itself. */
function fingerprintOf(request: ActionRequest, contracts: Readonly<Record<string, PinnedContract>>): string {
  const { request_id: _r, model: _m, ...context } = request.context
  return digest({ ...request, context, contracts } as unknown as Json)
}

/** A stop that would end the request; one that lets it wait lets it in, to wait where everybody sees it. */
function endingStop(
  request: ActionRequest,
  contracts: Readonly<Record<string, PinnedContract>>,
  authority: Authority,
): Stop | undefined {
  const stops = Object.values(contracts).map(({ tool }) => stopOf(authority, request, tool))
  return stops.find((stop) => stop?.pending === 'end')
}

export function aboutPlan(request: ActionRequest, authority: Authority): { tools: string[]; risk: Risk } {
  const tools = [...new Set(request.plan.steps.map(({ tool }) => tool))]
  const riskOf = ({ tool, version }: Step) => authority.contractOf(tool, version)?.contract.risk ?? 'low'
  const highest = Math.max(0, ...request.plan.steps.map((step) => risks.indexOf(riskOf(step))))
  return { tools, risk: risks[highest] ?? 'low' }
}

/** What a refusal keeps of a body that was not admitted. */
export function refusalDigest(body: unknown): string {
  return typeof body === 'string' || body instanceof Uint8Array ? digestBytes(body) : digest(body ?? null)
}
