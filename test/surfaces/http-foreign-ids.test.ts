import pg from 'pg'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { routeNotices } from '../../src/control-plane/deliveries/route-notices.js'
import type { Contract } from '../../src/domain/contract.js'
import { publishContract } from '../../src/ledger/queries/publish-contract.js'
import { sampleTools } from '../_util/contracts.js'
import { newKey, registrationOf } from '../_util/person-key.js'
import { type Call, cancellation, type HttpDesk, openHttpDesk } from './http-desk.js'
import { loseCall } from './http-lost-calls.js'

let desk: HttpDesk
let action: string
let approval: string
let digest: string
const key = newKey()
let change: string
const shadow = `shd_${'a'.repeat(26)}`
let attention: string
let delivery: string

beforeAll(async () => {
  desk = await openHttpDesk()
  const { body } = await desk.submit(cancellation('mine'))
  action = body.id
  approval = await desk.askPeople(body)
  digest = (await desk.call('GET', `/v1/approvals/${approval}`, { token: desk.tokens.bob })).body.envelope_digest
  const registration = registrationOf(key, 'acme', 'person:bob')
  await desk.call('POST', '/v1/keys', { token: desk.tokens.bob, body: registration })
  const contract = sampleTools.refund_invoice?.contract as Contract
  await publishContract(desk.database.executorPool, 'acme', {
    contract: { ...contract, name: 'only_here' },
    digest: 'sha256:only',
    status: 'live',
    note: null,
  })
  const policies = { 'mine.cedar': '@id("mine") permit (principal == Agent::"mine", action, resource);' }
  const proposal = { token: desk.tokens.ann, body: { policies, note: '' } }
  change = (await desk.call('POST', '/v1/policy/changes', proposal)).body.id
  const owner = new pg.Client({ connectionString: desk.database.ownerUrl })
  await owner.connect()
  await owner.query(`insert into effect_looks (tenant, tool, look, contract_digest, executor, since, until)
    values ('acme', 'only_here', 1, 'sha256:only', 'here', now(), now())`)
  await owner.query(`insert into shadow_effects (tenant, id, tool, effect_id, kind, summary, look)
    values ('acme', '${shadow}', 'only_here', 're_1', 'unexplained', 'a refund', 1)`)
  await owner.end()
  attention = (await loseCall(desk, cancellation('lost'))).attention
  await routeNotices(desk.plane, { default: ['webhook'], groups: {} }, 'acme')
  const { rows } = await desk.plane.pool.of('acme').query<{ id: string }>('select id from deliveries limit 1')
  delivery = rows[0]?.id ?? ''
})
afterAll(() => desk.close())

type Kind = 'action' | 'approval' | 'tool' | 'stop' | 'key' | 'change' | 'attention' | 'shadow' | 'delivery'
const mine: Readonly<Record<Kind, () => string>> = {
  action: () => action,
  approval: () => approval,
  tool: () => 'only_here',
  stop: () => 'agent:mine',
  key: () => key.key_id,
  change: () => change,
  shadow: () => shadow,
  attention: () => attention,
  delivery: () => delivery,
}
/** Well formed, and nobody's. */
const nobodys: Readonly<Record<Kind, string>> = {
  action: `act_${'z'.repeat(26)}`,
  approval: `apr_${'z'.repeat(26)}`,
  tool: 'only_where',
  stop: 'agent:nobodys',
  key: newKey().key_id,
  change: `chg_${'z'.repeat(26)}`,
  shadow: `shd_${'z'.repeat(26)}`,
  attention: `att_${'z'.repeat(26)}`,
  delivery: `dlv_${'z'.repeat(26)}`,
}

interface Case {
  readonly of: Kind
  readonly body?: () => object
  /** Refused to whoever may not govern, before anything is looked up. */
  readonly governs?: true
}

/** One for each operation with something of somebody's in its path: a new one without a case fails the first test. */
const cases: Readonly<Record<string, Case>> = {
  getAction: { of: 'action' },
  cancelAction: { of: 'action', body: () => ({ reason: 'not mine' }) },
  reviewAction: { of: 'action', body: () => ({ verdict: 'looked-at' }) },
  readTrail: { of: 'action' },
  readHistory: { of: 'action' },
  explainAction: { of: 'action' },
  getApproval: { of: 'approval' },
  getWhole: { of: 'approval' },
  amendApproval: {
    of: 'approval',
    body: () => ({ step: 'step1', args: { subscription_id: 'x' }, reason: 'not mine', envelope_digest: digest }),
  },
  castVote: { of: 'approval', body: () => ({ vote: 'reject', reason: 'not mine', envelope_digest: digest }) },
  getAttention: { of: 'attention' },
  resolveAttention: {
    of: 'attention',
    body: () => ({ choice: 'happened', reason: 'not mine', evidence: 'none', state_digest: 'sha256:x' }),
  },
  revokeKey: { of: 'key', body: () => ({}) },
  getTool: { of: 'tool' },
  getPolicyChange: { of: 'change' },
  agreeToPolicies: { of: 'change', body: () => ({ vote: 'object', reason: 'not mine' }) },
  retryDelivery: { of: 'delivery' },
  acknowledgeShadowEffect: { of: 'shadow', body: () => ({ reason: 'not mine' }) },
  setToolStatus: { of: 'tool', body: () => ({ status: 'withdrawn', note: 'not mine' }), governs: true },
  orderResume: { of: 'stop', body: () => ({ reason: 'not mine' }), governs: true },
}

interface Operation {
  readonly id: string
  readonly method: 'GET' | 'POST'
  readonly path: string
}

async function operationsWithIds(): Promise<Operation[]> {
  const { body } = await desk.call('GET', '/openapi.json')
  return Object.entries(body.paths as Record<string, Record<string, { operationId: string }>>)
    .filter(([path]) => path.includes('{'))
    .flatMap(([path, methods]) =>
      Object.entries(methods).map(([method, { operationId }]) => ({
        id: operationId,
        method: method.toUpperCase() as Operation['method'],
        path,
      })),
    )
}

async function ask({ id, method, path }: Operation, named: string, token: string | undefined) {
  const body = cases[id]?.body?.()
  const call: Call = { token, ...(body && { body }) }
  const answer = await desk.call(method, path.replace(/\{\w+\}/, encodeURIComponent(named)), call)
  const text = JSON.stringify(answer.body)
    .replaceAll(named, '<id>')
    .replace(/urn:uuid:[0-9a-f-]+/, '<instance>')
  return { status: answer.status, text }
}

test('every operation with an id in its path has a case here', async () => {
  const ids = (await operationsWithIds()).map(({ id }) => id)
  expect(ids.sort()).toEqual(Object.keys(cases).sort())
})

describe.each([
  { who: 'a person of another tenant', token: () => desk.tokens.zoe, agent: false, tools: true },
  { who: 'an agent of another tenant', token: () => desk.tokens.globex, agent: true, tools: true },
  { who: 'another agent of the tenant', token: () => desk.tokens.other, agent: true, tools: false },
])('$who', ({ token, agent, tools }) => {
  test.each(Object.keys(cases))('is told of somebody else`s id what is told of an unknown one: %s', async (id) => {
    const operation = (await operationsWithIds()).find((each) => each.id === id) as Operation
    const { of, governs } = cases[id] as Case
    // The tools of a tenant are for all of its agents.
    if (id === 'getTool' && !tools) return
    const [foreign, unknown] = [await ask(operation, mine[of](), token()), await ask(operation, nobodys[of], token())]
    expect(foreign).toEqual(unknown)
    // Agents decide on nothing, whatever its id.
    expect(foreign.status).toBe(
      governs || (agent && ['approval', 'key', 'change', 'attention', 'delivery'].includes(of)) ? 403 : 404,
    )
  })
})

test('whoever they belong to finds all of them', async () => {
  for (const operation of await operationsWithIds()) {
    const { of } = cases[operation.id] as Case
    const { status } = await ask(operation, mine[of](), desk.tokens.bob)
    expect([operation.id, status]).not.toEqual([operation.id, 404])
  }
})
