import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { createPrincipal } from '../../src/control-plane/principals.js'
import { everything } from '../../src/domain/stop.js'
import { actionShape, pageOf, statusOrderedShape, stopOrderedShape, stopShape } from '../../src/http/schemas.js'
import { recordStop } from '../../src/ledger/queries/record-stop.js'
import { cancellation, type HttpDesk, openHttpDesk, refund } from './http-desk.js'

const agent = 'agent:support_refunds_v2'
let desk: HttpDesk
let keeper: string
beforeAll(async () => {
  desk = await openHttpDesk()
  keeper = (
    await createPrincipal(desk.plane, { tenant: 'acme', kind: 'person', name: 'sec', groups: ['security'], by: 'test' })
  ).token
})
afterAll(() => desk.close())

const stop = (scope: string, token: string | undefined = keeper, changes: object = {}) =>
  desk.call('POST', '/v1/stops', { token, body: { scope, reason: 'It behaves oddly.', ...changes } })
const resume = (scope: string, token: string | undefined = keeper) =>
  desk.call('POST', `/v1/stops/${encodeURIComponent(scope)}/resume`, { token, body: { reason: 'Repaired.' } })
const list = async (token: string | undefined = keeper) => (await desk.call('GET', '/v1/stops', { token })).body
let asked = 0
const ask = (context: object = {}) => {
  asked += 1
  return desk.submit(refund(`stops-${asked}`, { context }))
}

beforeEach(async () => {
  for (const { scope } of (await list()).items) if (scope !== 'all') await resume(scope)
})

describe('stopping', () => {
  test('is acknowledged, listed, and resumed', async () => {
    const answer = await stop(agent)
    expect(answer.status).toBe(200)
    expect(stopOrderedShape.strict().parse(answer.body)).toMatchObject({
      tenant: 'acme',
      scope: agent,
      state: 'stopped',
      pending: 'end',
      by: 'person:sec',
    })
    expect(
      pageOf(stopShape.strict())
        .strict()
        .parse(await list()).items,
    ).toMatchObject([{ scope: agent, reason: 'It behaves oddly.', by: 'person:sec' }])
    expect((await resume(agent)).body).toMatchObject({ state: 'resumed', by: 'person:sec', reason: 'Repaired.' })
    expect((await list()).items).toEqual([])
  })

  test('is for people of the group, and for owners where it is theirs; resuming is for the group', async () => {
    const { ann, bob, desk: own } = desk.tokens
    for (const scope of [agent, 'owner:person:ann']) {
      expect((await stop(scope, ann)).status).toBe(200)
      expect(await resume(scope, ann)).toMatchObject({ status: 403, body: { code: 'EXQ-4020' } })
      expect((await resume(scope)).status).toBe(200)
      expect(await stop(scope, bob)).toMatchObject({ status: 403, body: { code: 'EXQ-4020' } })
    }
    for (const scope of ['tenant', 'tool:refund_invoice', 'owner:person:bob'])
      expect(await stop(scope, ann)).toMatchObject({ status: 403, body: { code: 'EXQ-4020' } })
    for (const answer of [
      await stop(agent, own),
      await resume(agent, own),
      await desk.call('GET', '/v1/stops', { token: own }),
    ])
      expect(answer).toMatchObject({ status: 403, body: { code: 'EXQ-2002' } })
  })

  test('of all tenants is not for people of one', async () => {
    expect(await stop('all')).toMatchObject({ status: 403, body: { code: 'EXQ-4020' } })
    expect(await resume('all')).toMatchObject({ status: 403, body: { code: 'EXQ-4020' } })
  })

  test.each(['agent:nobody', 'owner:person:nobody', 'owner:agent:other', 'tool:nothing', 'tenant:acme', 'everything'])(
    'of %s, which is not there, is EXQ-4021',
    async (scope) => {
      expect(await stop(scope)).toMatchObject({ status: 404, body: { code: 'EXQ-4021' } })
    },
  )

  test('takes a reason; resuming takes something that is stopped', async () => {
    expect(await stop(agent, keeper, { reason: '' })).toMatchObject({ status: 400, body: { code: 'EXQ-1002' } })
    expect(await resume('tool:refund_invoice')).toMatchObject({ status: 409, body: { code: 'EXQ-4022' } })
  })

  test('stays in its tenant', async () => {
    await stop('tenant')
    expect((await list(desk.tokens.zoe)).items).toEqual([])
    expect((await desk.submit(refund('globex-1'), { token: desk.tokens.globex })).status).toBe(202)
  })
})

describe('at the door', () => {
  test.each(['tenant', agent, 'owner:person:ann', 'tool:refund_invoice', 'tool:get_invoice'])(
    'a request that %s holds is refused before anything is stored, with one row',
    async (scope) => {
      await stop(scope)
      const [actions, refusals] = [await desk.count('actions'), await desk.count('refusals')]
      const answer = await ask()
      expect(answer).toMatchObject({ status: 403, body: { code: 'EXQ-1110', retryable: false } })
      expect(answer.body.detail).toBe(`Stopped (${scope}) by person:sec: It behaves oddly.`)
      expect([await desk.count('actions'), await desk.count('refusals')]).toEqual([actions, refusals + 1])
    },
  )

  test('a stop of everything refuses in every tenant', async () => {
    const order = {
      ...everything,
      pending: 'end',
      reason: 'fire',
      by: 'operator:root',
      authority_revision: null,
    } as const
    await recordStop(desk.plane.pool, { ...order, state: 'stopped' })
    expect((await ask()).body.code).toBe('EXQ-1110')
    expect((await desk.submit(refund('globex-2'), { token: desk.tokens.globex })).body.code).toBe('EXQ-1110')
    expect((await list()).items).toMatchObject([{ scope: 'all', by: 'operator:root' }])
    await recordStop(desk.plane.pool, { ...order, state: 'resumed' })
  })

  test('what was admitted before is still there to be seen, and says what holds it', async () => {
    const body = refund('before-the-stop')
    const { id } = (await desk.submit(body)).body
    await stop(agent)
    const again = await desk.submit(body)
    expect(again.status).toBe(202)
    expect(actionShape.strict().parse(again.body)).toMatchObject({ id, stopped: { scope: agent, by: 'person:sec' } })
    await resume(agent)
    expect((await desk.submit(body)).body.stopped).toBeNull()
  })

  test('a stop that lets wait lets requests in, to wait where everybody sees it', async () => {
    await stop(agent, keeper, { pending: 'wait' })
    const answer = await ask()
    expect(answer).toMatchObject({ status: 202, body: { stopped: { scope: agent, pending: 'wait' } } })
    await stop('tenant')
    expect((await ask()).body.code).toBe('EXQ-1110')
  })
})

test('an approval request that waits says what holds its action', async () => {
  const { body } = await desk.submit(cancellation('held-approval'))
  const id = await desk.askPeople(body)
  await stop('tool:cancel_subscription')
  const seen = await desk.call('GET', `/v1/approvals/${id}`, { token: desk.tokens.bob })
  expect(seen.body).toMatchObject({ state: 'waiting', stopped: { scope: 'tool:cancel_subscription' } })
})

describe('the status of a tool', () => {
  const set = (status: string, token: string, changes: object = {}) =>
    desk.call('POST', '/v1/tools/refund_invoice/status', {
      token,
      body: { status, note: 'See incident 41.', ...changes },
    })

  test('is set by the group, or by its owner, who does not restore it', async () => {
    const { ann, bob } = desk.tokens
    expect(await set('withdrawn', bob)).toMatchObject({ status: 403, body: { code: 'EXQ-4020' } })
    const answer = await set('withdrawn', ann)
    expect(statusOrderedShape.strict().parse(answer.body)).toMatchObject({
      tool: 'refund_invoice',
      status: 'withdrawn',
      versions: [1],
      by: 'person:ann',
    })
    const pinned = await desk.submit({ ...refund('withdrawn'), version: 1 })
    expect(pinned).toMatchObject({ status: 422, body: { code: 'EXQ-1107' } })
    expect(await ask()).toMatchObject({ status: 422, body: { code: 'EXQ-1101' } })
    expect((await desk.call('GET', '/v1/tools/refund_invoice', { token: bob })).body).toMatchObject({
      status: 'withdrawn',
      note: 'See incident 41.',
    })
    expect(await set('live', ann)).toMatchObject({ status: 403, body: { code: 'EXQ-4020' } })
    expect((await set('live', keeper)).body.versions).toEqual([1])
    expect((await ask()).status).toBe(202)
  })

  test('of what is not there is EXQ-1109', async () => {
    expect(await set('withdrawn', keeper, { version: 7 })).toMatchObject({ status: 404, body: { code: 'EXQ-1109' } })
  })
})
