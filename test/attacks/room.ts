import { readFile } from 'node:fs/promises'
import { ApplicationFailure } from '@temporalio/common'
import { MockActivityEnvironment } from '@temporalio/testing'
import type { ExecutorDeps } from '../../activities/call.js'
import { createDecisionActivities, createEffectActivities } from '../../activities/index.js'
import type { Action, DeskClient } from '../../examples/refund-desk/demo/desk-client.js'
import { giveToken } from '../../src/control-plane/give-token.js'
import { createPrincipal } from '../../src/control-plane/principals.js'
import { publishPolicies } from '../../src/control-plane/publish-policies.js'
import type { ApprovalReport, EffectReport } from '../../src/domain/activities.js'
import type { Phase } from '../../src/domain/lifecycle.js'
import type { EvidenceDeps } from '../../src/evidence/admitted.js'
import { createAuthorities } from '../../src/identity/authority.js'
import { packageRoot } from '../../src/package-root.js'
import { sampleGroups } from '../_util/contracts.js'
import { signWithKeys } from '../_util/sign-with-keys.js'
import { openHttpDesk } from '../surfaces/http-desk.js'
import { Downstream } from './downstream.js'
import { type Intruders, openIntruders } from './intruders.js'

/** Who acts in the room, by the name of their token. `desk` belongs to ann; bob may approve for finance, eve for privacy. */
export type Who = 'ann' | 'bob' | 'eve' | 'desk' | 'other' | 'zoe' | 'globex'

export interface Approval {
  readonly id: string
  readonly digest: string
}

export interface Held {
  readonly id: string
  readonly approval: Approval
}

/** What a room is entered with, where the attack is about it. */
export interface ExecutorChanges extends Partial<Pick<ExecutorDeps, 'pool' | 'tools' | 'authorities' | 'deployment'>> {}

/**
 * The API, the use cases, the decisions and the effects on a real ledger, without Temporal: whoever can write to the
 * namespace can run any activity at any time, and here an attack does just that.
 */
export type Room = Awaited<ReturnType<typeof openRoom>>

const tenant = 'acme'

export async function openRoom({
  policies = roomPolicies,
  ...bounds
}: { readonly policies?: string } & Pick<EvidenceDeps, 'budgetRules' | 'warn'> = {}) {
  const http = await openHttpDesk({ rateLimit: { max: 100_000, windowMs: 1_000 } }, policies, bounds)
  const intruders: Intruders = await openIntruders(http.database.ownerUrl)
  const downstream = new Downstream()
  const files: Record<string, string> = {
    'default-pack.cedar': await readFile(new URL('policies/default-pack.cedar', packageRoot), 'utf8'),
    'desk.cedar': policies,
  }

  const deps = (changes: ExecutorChanges = {}): ExecutorDeps => {
    const pool = changes.pool ?? http.database.executorPool
    return {
      authorities: createAuthorities(pool, sampleGroups),
      verifySignature: http.plane.verifySignature,
      groups: sampleGroups,
      sessionWindowMs: http.plane.sessionWindowMs,
      ...(http.plane.people && { people: http.plane.people }),
      deployment: 'room',
      executor: 'room',
      tools: downstream.tools(),
      warn: bounds.warn ?? (() => undefined),
      ...(bounds.budgetRules && { budgetRules: bounds.budgetRules }),
      ...changes,
      pool,
    }
  }
  const inActivity = <Answer>(work: () => Promise<Answer>): Promise<Answer> =>
    new MockActivityEnvironment().run<[], Answer, () => Promise<Answer>>(work)

  /** Runs an effect activity by its type, as anybody can; `later`: it asks to be run again. */
  const effect = async (
    type: string,
    ref: { action_id: string; round?: number; step?: string; phase?: Phase; tenant?: string },
    changes: ExecutorChanges = {},
  ): Promise<EffectReport['state'] | 'later'> => {
    const activity = createEffectActivities(deps(changes))[type]
    if (!activity) throw new Error(`there is no activity ${type}`)
    const full = { tenant, round: 1, step: 'step1', phase: 'execute' as const, ...ref }
    try {
      return (await inActivity(() => activity(full))).state
    } catch (error) {
      if (error instanceof ApplicationFailure) return 'later'
      throw error
    }
  }

  const toolOf = async (action_id: string): Promise<string> => {
    const [row] = await intruders.owner<{ tools: string[] }>('select tools from actions where id = $1', [action_id])
    return row?.tools[0] ?? ''
  }

  const decisions = (approvalTtlMs: number) => createDecisionActivities({ ...http.plane, approvalTtlMs })

  /** Asks the policy, and people where it wants that: the first half of a workflow's round. */
  const decide = (action_id: string, round = 1, approvalTtlMs = 60_000): Promise<ApprovalReport | 'allow' | 'deny'> => {
    const activities = decisions(approvalTtlMs)
    const ref = { tenant, action_id, round }
    return inActivity(async () => {
      const { result } = await activities.policy(ref)
      return result === 'require-approval' ? activities.openApproval(ref) : result
    })
  }

  /** Goes through the rounds of an action as its workflow does whenever something tells it to look. */
  const goOn = async (action_id: string, changes: ExecutorChanges = {}): Promise<string> => {
    const tool = await toolOf(action_id)
    for (let round = 1; round <= 4; round += 1) {
      if (tool === 'refund_invoice') await effect('get_invoice', { action_id, phase: 'observe' }, changes)
      const decided = await decide(action_id, round)
      if (decided === 'deny') return 'denied'
      if (decided !== 'allow' && decided.state === 'stale') continue
      if (decided !== 'allow' && decided.state !== 'approved') return decided.state
      const state = await effect(tool, { action_id, round }, changes)
      if (state !== 'held') return state
    }
    return 'held'
  }

  /** Everything that somebody with write access to the namespace can set going for an action. */
  const press = async (action_id: string, changes: ExecutorChanges = {}): Promise<void> => {
    await goOn(action_id, changes)
    const tool = await toolOf(action_id)
    for (const round of [1, 2]) await effect(tool, { action_id, round }, changes)
  }

  const ask = async (body: object, token = http.tokens.desk): Promise<string> => {
    const { status, body: answer } = await http.submit(body, { token })
    if (status >= 300) throw new Error(`not admitted: ${JSON.stringify(answer)}`)
    return answer.id
  }

  const tokens = new Map<string, string>(Object.entries(http.tokens))
  const client = (token: string) =>
    ({
      get: (path: string) => http.call('GET', path, { token }),
      post: (path: string, body: unknown) => http.call('POST', path, { token, body }),
    }) as unknown as DeskClient
  const keys = signWithKeys((name) => client(tokens.get(name) ?? ''))

  return {
    http,
    downstream,
    intruders,
    effect,
    decide,
    goOn,
    press,
    ask,
    /** Asks for a cancellation, which one person of finance has to approve; resolves to the open approval. */
    hold: async (approvalTtlMs?: number, token?: string): Promise<Held> => {
      const id = await ask(cancellation(), token)
      return { id, approval: approvalOf(await decide(id, 1, approvalTtlMs)) }
    },
    vote: async (who: Who | string, approval: Approval, vote = 'approve'): Promise<number> => {
      const token = http.tokens[who as Who] ?? who
      const body = { vote, reason: 'looked at it', envelope_digest: approval.digest }
      return (await http.call('POST', `/v1/approvals/${approval.id}/votes`, { token, body })).status
    },
    /** A new person, in these groups; resolves to their token. */
    person: async (name: string, groups: readonly string[]): Promise<string> => {
      const { token } = await createPrincipal(http.plane, { tenant, kind: 'person', name, groups, by: 'test' })
      tokens.set(name, token)
      return token
    },
    /** Another token of somebody, and so another account. */
    again: (principal: string): Promise<string> => giveToken(http.plane.pool, tenant, principal, 'test'),
    /** A vote signed with the person's own key, which is made and registered when it is first needed. */
    sign: async (name: string, { id }: Approval, vote: 'approve' | 'reject' = 'approve'): Promise<number> =>
      (await keys.sign({ approval: { id } } as Action, name, vote)).status,
    renewKey: keys.renewKey,
    /** A new agent of an owner, which may ask for everything; resolves to its token. */
    agent: async (name: string, owner: string): Promise<string> =>
      (await createPrincipal(http.plane, { tenant, kind: 'agent', name, owner, groups: ['support'], by: 'test' }))
        .token,
    /** Adds a policy that only forbids more, so that it is in force at once. */
    forbid: async (policy: string): Promise<void> => {
      const name = `more${Object.keys(files).length}`
      files[`${name}.cedar`] = `@id("${name}") ${policy}`
      const answer = await publishPolicies(http.plane, tenant, files)
      if (answer) throw new Error(answer)
    },
    close: async () => {
      await intruders.close()
      await http.close()
    },
  }
}

export function approvalOf(report: ApprovalReport | 'allow' | 'deny'): Approval {
  if (typeof report === 'string') throw new Error(`nobody is asked: ${report}`)
  return { id: report.approval_id, digest: report.envelope_digest }
}

let requests = 0
export const requestId = () => {
  requests += 1
  return `attack-${process.pid}-${requests}`
}

/** Each has its own reason, so that none is joined with another one that waits. */
const context = () => {
  const request_id = requestId()
  return { request_id, reason: `for ${request_id}` }
}

/** High risk: somebody of finance has to agree. */
export const cancellation = (subscription_id = 'sub_1') => ({
  tool: 'cancel_subscription',
  args: { subscription_id },
  context: context(),
})

/** Critical: two people, one of privacy and one of security. */
export const erasure = () => ({
  tool: 'erase_customer',
  args: { customer_id: 'cus_1' },
  context: context(),
})

/** Up to 100.00 without anybody; over that finance and privacy have to agree. */
export const refund = (amount_cents = 4_200) => ({
  tool: 'refund_invoice',
  args: { invoice_id: 'in_1', reason_code: 'goodwill', amount_cents },
  context: { ...context(), ticket_id: 'zd_1' },
})

const roomPolicies = `
@id("desk") permit (principal in Group::"support", action, resource);
@id("observer") permit (principal == Service::"observer", action in Action::"effect:none", resource);
@id("compensator") permit (principal == Service::"compensator", action in Action::"compensate", resource);
@id("two-groups") @require("finance:1, privacy:1")
forbid (principal is Agent, action == Action::"refund_invoice", resource)
when { context.args has amount_cents && context.args.amount_cents > 10000 }
unless { context.approvals.finance >= 1 && context.approvals.privacy >= 1 };
`
