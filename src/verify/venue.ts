import { randomUUID } from 'node:crypto'
import { setTimeout as pause } from 'node:timers/promises'
import { Connection, Client as Temporal } from '@temporalio/client'
import pg from 'pg'
import type { LoadedConfig } from '../config/load-config.js'
import type { Tool } from '../contract/tool.js'
import type { EffectCount, ToolCheck, ToolChecks } from '../contract/tool-checks.js'
import { orderResume } from '../control-plane/stops.js'
import type { Stack } from '../dev/stack-types.js'
import type { JsonObject } from '../domain/json.js'
import { createAuthorities } from '../identity/authority.js'
import { createPool } from '../ledger/pool.js'
import type { Relay } from '../testing/relay.js'
import { hold, NotApplicable } from '../testing/trial.js'
import type { Answer, Client, SeenAction } from './client.js'
import { agentOf, gatherPeople, type People } from './people.js'

/** A tool that can be asked for: the newest version of its name that has a check. */
export interface Subject {
  readonly tool: Tool
  readonly check: ToolCheck
  readonly agent: Client
  readonly agentName: string
}

/** What was asked for, with a way to count what came of it. */
export interface Asked {
  readonly subject: Subject
  readonly id: string
  readonly body: object
  readonly args: JsonObject
  readonly answer: Answer<SeenAction>
  /** Effects since it was asked for, by the books of the downstream. */
  readonly made: () => Promise<number>
  readonly undone: () => Promise<number>
}

/** The adopter's configuration on a scratch stack, with everything somebody needs who tries to break it. */
export interface Venue {
  readonly config: LoadedConfig
  readonly tenant: string
  readonly stack: Stack
  readonly relay: Relay | null
  readonly temporal: Temporal
  readonly people: People
  readonly subjects: readonly Subject[]
  /** Statements by the owner of the database, who is held back by nothing. */
  readonly sql: <Row = Record<string, unknown>>(text: string, values?: readonly unknown[]) => Promise<Row[]>
  readonly ask: (subject: Subject, wish?: Wish) => Promise<Asked>
  readonly now: (asked: Pick<Asked, 'subject' | 'id'>) => Promise<SeenAction>
  readonly ended: (asked: Pick<Asked, 'subject' | 'id'>, withinSeconds?: number) => Promise<SeenAction>
  /** Asks for something that then waits for people. Throws `NotApplicable` where nobody is asked. */
  readonly held: (subject?: Subject) => Promise<Asked & { readonly approvalId: string }>
  /** Lets everybody vote who may, until it is decided. Resolves to how many votes it took. */
  readonly approve: (asked: Asked) => Promise<number>
  /** Waits a while in which something could happen, and refuses if it did. */
  readonly nothing: (asked: Asked, after: string) => Promise<void>
  /** Ends a stop, as an operator. */
  readonly resume: (scope: string) => Promise<void>
  /** From here on the stack runs with the budgets of the configuration. */
  readonly useBudgets: () => Promise<void>
  readonly close: () => Promise<void>
}

export interface Wish {
  readonly args?: JsonObject
  readonly requestId?: string
  readonly approval?: boolean
  readonly waitSeconds?: number
}

const aWhileMs = 1_200

export async function openVenue(
  config: LoadedConfig,
  tools: readonly Tool[],
  checks: ToolChecks,
  stack: Stack,
  relay: Relay | null,
  useBudgets: () => Promise<void>,
): Promise<Venue> {
  const [tenant = ''] = config.tenants
  const people = await gatherPeople(config, checks, tenant, stack)
  const connection = await Connection.connect({ address: stack.temporal.address })
  const temporal = new Temporal({ connection, namespace: stack.temporal.namespace })
  const pool = createPool(stack.databaseUrl, 'exq_server', 2)
  const authorities = createAuthorities(pool, config.groups)
  const owner = new pg.Client({ connectionString: stack.databaseUrl })
  owner.on('error', () => undefined)
  await owner.connect()

  const newest = new Map<string, Tool>()
  for (const tool of tools) {
    const { name, version } = tool.contract
    if ((newest.get(name)?.contract.version ?? 0) < version) newest.set(name, tool)
  }
  const subjects = [...newest].flatMap(([name, tool]): Subject[] => {
    const check = checks.tools[name]
    const agentName = agentOf(checks, name)
    return check ? [{ tool, check, agentName, agent: people.agent(agentName) }] : []
  })

  const ask: Venue['ask'] = async (subject, wish = {}) => {
    const { contract } = subject.tool
    const args = wish.args ?? (await inputOf(subject))
    const requestId = wish.requestId ?? randomUUID()
    const body = {
      ...{ tool: contract.name, args },
      context: {
        request_id: requestId,
        reason: `verification ${requestId}`,
        ...Object.fromEntries(contract.binding.map((name) => [name, 'verify'])),
        ...(wish.approval && { requires_approval: true }),
      },
    }
    const before = await countOf(subject, args)
    const answer = await subject.agent.post<SeenAction>('/v1/actions', body, wish.waitSeconds)
    return {
      ...{ subject, args, body, answer, id: answer.body.id },
      made: async () => (await countOf(subject, args)).made - before.made,
      undone: async () => (await countOf(subject, args)).undone - before.undone,
    }
  }
  const now: Venue['now'] = async ({ subject, id }) => (await subject.agent.get(`/v1/actions/${id}`)).body
  const ended: Venue['ended'] = async ({ subject, id }, withinSeconds = 60) => {
    const until = performance.now() + withinSeconds * 1_000
    for (;;) {
      const { body } = await subject.agent.get(`/v1/actions/${id}`, 2)
      if (body.outcome || performance.now() > until) return body
      await pause(50)
    }
  }
  const opened = async (asked: Asked): Promise<string | null> => {
    for (let tries = 0; tries < 100; tries += 1) {
      const { approval, outcome, decision } = await now(asked)
      if (approval) return approval.id
      if (outcome || (decision && decision.result !== 'require-approval')) return null
      await pause(50)
    }
    return null
  }
  const holdable = (wanted?: Subject): Subject => {
    const effectful = subjects.filter(({ tool }) => tool.effect !== 'none')
    const found = wanted ?? effectful.find(({ tool }) => tool.contract.approvers.length > 0)
    if (!found) throw new NotApplicable('no tool with a check names approvers, so nobody is asked')
    return found
  }

  return {
    ...{ config, tenant, stack, relay, temporal, people, subjects, ask, now, ended, useBudgets },
    sql: async <Row>(text: string, values: readonly unknown[] = []) =>
      (await owner.query(text, [...values])).rows as Row[],
    held: async (wanted) => {
      const subject = holdable(wanted)
      const asked = await ask(subject, { approval: true })
      const approvalId = asked.id ? await opened(asked) : null
      if (approvalId) return { ...asked, approvalId }
      const { name } = subject.tool.contract
      throw new NotApplicable(
        `${name}: ${asked.id ? ((await now(asked)).explanation ?? 'nobody was asked') : told(asked)}`,
      )
    },
    approve: async (asked) => {
      const approvalId = await opened(asked)
      if (!approvalId) return 0
      let votes = 0
      for (const voter of votersFor(asked.subject, config, people)) {
        const { status } = await voter.vote(approvalId)
        if (status === 200) votes += 1
        const shown = await voter.look(approvalId)
        if (shown.status === 200 && shown.body.state !== 'waiting') break
      }
      return votes
    },
    nothing: async (asked, after) => {
      await pause(aWhileMs)
      const made = await asked.made()
      hold(made === 0, `${after}, ${asked.subject.tool.contract.name} had ${made} effects`)
    },
    resume: async (scope) => {
      const by = { by: 'service:verify', authority_revision: null }
      await orderResume({ pool, authorities }, { tenant, scope, reason: 'the verification goes on', ...by })
    },
    close: async () => {
      await pool.end()
      await connection.close()
      await owner.end()
    },
  }
}

/** What the server said to a request that it did not admit. */
export function told({ answer }: Pick<Asked, 'answer'>): string {
  const { detail, title, code } = answer.body as unknown as { detail?: string; title?: string; code?: string }
  return `${code ?? answer.status} ${detail ?? title ?? 'no answer'}`
}

/** One of each group first: where two people are needed, they are usually of different groups. */
function votersFor({ tool }: Subject, config: LoadedConfig, people: People) {
  const groups = [...new Set([...tool.contract.approvers, ...config.groups])]
  return [0, 1].flatMap((index) => groups.flatMap((group) => people.members(group)[index] ?? []))
}

export async function inputOf({ check }: Pick<Subject, 'check'>): Promise<JsonObject> {
  const { input } = check
  return JSON.parse(JSON.stringify(typeof input === 'function' ? await input() : input)) as JsonObject
}

async function countOf({ check }: Subject, args: JsonObject): Promise<Required<EffectCount>> {
  const count = await check.world.effects(args)
  return typeof count === 'number' ? { made: count, undone: 0 } : { undone: 0, ...count }
}
