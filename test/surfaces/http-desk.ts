import { generateKeyPairSync } from 'node:crypto'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Writable } from 'node:stream'
import { MockActivityEnvironment } from '@temporalio/testing'
import type { FastifyInstance } from 'fastify'
import { pino } from 'pino'
import { createDecisionActivities } from '../../activities/index.js'
import type { ActionView } from '../../src/control-plane/action-view.js'
import type { ControlPlane } from '../../src/control-plane/control-plane.js'
import { createPrincipal } from '../../src/control-plane/principals.js'
import { publishContracts } from '../../src/control-plane/publish-contracts.js'
import { publishPolicies } from '../../src/control-plane/publish-policies.js'
import type { PolicyReport } from '../../src/domain/activities.js'
import type { ApprovalRules } from '../../src/domain/escalation.js'
import type { Outcome } from '../../src/domain/lifecycle.js'
import type { AdmittedRequest } from '../../src/domain/request.js'
import { usualSurfaceRules } from '../../src/domain/surface-rules.js'
import { createHttpServer, type HttpServerOptions } from '../../src/http/server.js'
import { createAuthorities } from '../../src/identity/authority.js'
import { readSigningKey, readVerifyKey } from '../../src/identity/signing-key.js'
import { openLedgerNews } from '../../src/ledger/ledger-news.js'
import { closeAction } from '../../src/ledger/queries/close-action.js'
import { readPolicyFiles } from '../../src/policy/policy-files.js'
import { sampleGroups, sampleTools } from '../_util/contracts.js'
import { freshDatabase } from '../_util/database.js'
import { permitDesk } from '../_util/policies.js'

const tenants = ['acme', 'globex'] as const

/** The HTTP surface on a real ledger, with real principals and policies. Only the workflows are recorded, not run. */
export type HttpDesk = Awaited<ReturnType<typeof openHttpDesk>>

export interface Answer {
  readonly status: number
  readonly headers: Readonly<Record<string, unknown>>
  // biome-ignore lint/suspicious/noExplicitAny: an answer is what the test says it is
  readonly body: any
}

export interface Call {
  readonly token?: string | undefined
  readonly body?: unknown
  readonly headers?: Readonly<Record<string, string>>
}

export async function openHttpDesk(
  options: Partial<HttpServerOptions> = {},
  policies = permitDesk,
  changes: Partial<ControlPlane> = {},
) {
  const database = await freshDatabase()
  const folder = await mkdtemp(join(tmpdir(), 'exequatur-http-'))
  const pool = database.serverPool
  const authorities = createAuthorities(pool, sampleGroups)
  await publishContracts(database.executorPool, tenants, Object.values(sampleTools))
  const tokens = await settle({ pool, authorities })
  await publishAll(folder, { pool, authorities }, policies)
  const keyFile = join(folder, 'key.pem')
  const { privateKey } = generateKeyPairSync('ed25519')
  await writeFile(keyFile, privateKey.export({ type: 'pkcs8', format: 'pem' }))
  const news = await openLedgerNews(database.ownerUrl)
  const starts: AdmittedRequest[] = []
  const hints: string[] = []
  const plane: ControlPlane = {
    pool,
    authorities,
    groups: sampleGroups,
    policyRule: { group: 'finance', people: 2 },
    sessionWindowMs: 86_400_000,
    stops: { group: 'security', pending: 'end' },
    attentionAlarm: { afterMs: 900_000, remindEveryMs: 3_600_000 },
    pendingPerAgent: 1_000,
    inbox: { publicUrl: 'http://localhost:7400', signInForMs: 28_800_000, idleForMs: 3_600_000, issuers: [] },
    surfaceRules: usualSurfaceRules,
    links: { ticket: 'https://desk.example/tickets/{id}' },
    signingKey: await readSigningKey(keyFile),
    verifySignature: await readVerifyKey(keyFile),
    expectEnding: ({ tenant, action_id }, ms) => news.expect(`${tenant}/${action_id}`, ms),
    changes: news,
    uiLink: (id) => `http://ui/${id}`,
    workflows: {
      start: async (admitted) => {
        starts.push(admitted)
        return 'run-1'
      },
      hint: async ({ action_id }) => {
        hints.push(action_id)
        return 'heard'
      },
      standing: async () => ({ standing: 'running', runId: null }),
      giveUp: async () => {},
      history: async () => ({ events: [{ eventId: '1' }] }),
      warmUp: async () => {},
      ping: async () => {},
    },
    ...changes,
  }
  const logged: string[] = []
  const serve = (over: ControlPlane, more: Partial<HttpServerOptions> = {}) =>
    createHttpServer(over, { logger: logInto(logged), readiness: async () => [], ...options, ...more })
  const app = await serve(plane)
  const call = (method: 'GET' | 'POST', url: string, request: Call = {}) => send(app, method, url, request)
  const count = async (table: 'actions' | 'refusals') => {
    const { rows } = await pool.of('acme').query<{ count: number }>(`select count(*)::int as count from ${table}`)
    return rows[0]?.count ?? 0
  }
  return {
    app,
    plane,
    serve,
    call,
    tokens,
    starts,
    hints,
    logged,
    database,
    count,
    refusals: async () => {
      const { rows } = await pool
        .of('acme')
        .query<{ tenant: string; principal: string; code: string; request_digest: string }>(
          'select tenant, principal, code, request_digest from refusals order by seq',
        )
      return rows
    },
    submit: (body: unknown, request: Call = {}) =>
      call('POST', '/v1/actions', { token: tokens.desk, body, ...request }),
    /** Ends an action as its workflow would. */
    end: (id: string, outcome: Outcome, explanation = 'done') =>
      closeAction(pool, { tenant: 'acme', action_id: id }, { outcome, explanation, run_id: 'run-1' }),
    /** Decides on an action, as its workflow would. */
    decide: ({ id }: Pick<ActionView, 'id'>) => {
      const activities = createDecisionActivities({ ...plane, approvalTtlMs: 60_000 })
      const run = () => activities.policy({ tenant: 'acme', action_id: id, round: 1 })
      return new MockActivityEnvironment().run<[], PolicyReport, typeof run>(run)
    },
    /** Decides on an action and asks people, as its workflow would. Resolves to the id of the approval request. */
    askPeople: async (
      { id }: Pick<ActionView, 'id'>,
      approvalTtlMs = 60_000,
      round = 1,
      rules: Partial<ApprovalRules> = {},
    ) => {
      const activities = createDecisionActivities({ ...plane, approvalTtlMs, ...rules })
      const ref = { tenant: 'acme', action_id: id, round }
      return new MockActivityEnvironment().run<[], string, () => Promise<string>>(async () => {
        await activities.policy(ref)
        return (await activities.openApproval(ref)).approval_id
      })
    },
    /** Where an approval stands, as its workflow would see it. */
    readApproval: ({ id }: Pick<ActionView, 'id'>, round: number) =>
      createDecisionActivities({ ...plane, approvalTtlMs: 60_000 }).readApproval({
        tenant: 'acme',
        action_id: id,
        round,
      }),
    close: async () => {
      await app.close()
      await news.close()
      await database.drop()
      await rm(folder, { recursive: true })
    },
  }
}

export async function send(
  app: FastifyInstance,
  method: 'GET' | 'POST',
  url: string,
  { token, body, headers }: Call = {},
): Promise<Answer> {
  const raw = typeof body === 'string' || Buffer.isBuffer(body)
  const answer = await app.inject({
    method,
    url,
    headers: {
      ...(token && { authorization: `Bearer ${token}` }),
      ...(body !== undefined && { 'content-type': 'application/json' }),
      ...headers,
    },
    ...(body !== undefined && { payload: raw ? body : JSON.stringify(body) }),
  })
  return { status: answer.statusCode, headers: answer.headers, body: answer.body === '' ? null : answer.json() }
}

/** A request for a refund, as an agent sends it. */
export function refund(request_id: string, changes: { readonly args?: object; readonly context?: object } = {}) {
  return {
    tool: 'refund_invoice',
    args: { invoice_id: 'in_123', reason_code: 'duplicate_charge', customer_message: 'Sorry.', ...changes.args },
    context: { request_id, ticket_id: 'zd_1', ...changes.context },
  }
}

/** A request that people have to approve. Each has its own reason, so that none is joined with another one that waits. */
export function cancellation(request_id: string) {
  const context = { request_id, reason: `for ${request_id}` }
  return { tool: 'cancel_subscription', args: { subscription_id: 'sub_1' }, context }
}

async function settle(deps: Pick<ControlPlane, 'pool' | 'authorities'>) {
  const create = async (
    tenant: string,
    kind: 'agent' | 'person',
    name: string,
    groups: readonly string[],
    owner?: string,
  ) => (await createPrincipal(deps, { tenant, kind, name, groups, owner, by: 'test' })).token
  const ann = await create('acme', 'person', 'ann', ['finance'])
  const bob = await create('acme', 'person', 'bob', ['finance'])
  const eve = await create('acme', 'person', 'eve', ['privacy'])
  const desk = await create('acme', 'agent', 'support_refunds_v2', ['support'], 'person:ann')
  const other = await create('acme', 'agent', 'other', ['support'], 'person:ann')
  const zoe = await create('globex', 'person', 'zoe', ['finance'])
  const globex = await create('globex', 'agent', 'support_refunds_v2', ['support'], 'person:zoe')
  return { ann, bob, eve, desk, other, zoe, globex }
}

async function publishAll(
  folder: string,
  deps: Pick<ControlPlane, 'pool' | 'authorities'>,
  policies: string,
): Promise<void> {
  await writeFile(join(folder, 'desk.cedar'), policies)
  const files = await readPolicyFiles(folder)
  for (const tenant of tenants) {
    const reason = await publishPolicies(
      { ...deps, groups: sampleGroups, policyRule: { group: 'finance', people: 2 } },
      tenant,
      files,
    )
    if (reason !== null) throw new Error(reason)
  }
}

function logInto(lines: string[]): HttpServerOptions['logger'] {
  const stream = new Writable({
    write: (chunk, _encoding, done) => {
      lines.push(String(chunk))
      done()
    },
  })
  return pino({ level: 'info' }, stream)
}
