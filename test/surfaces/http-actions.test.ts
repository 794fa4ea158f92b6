import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { publishContracts } from '../../src/control-plane/publish-contracts.js'
import { actionShape, pageOf, trailShape } from '../../src/http/schemas.js'
import { toolShape } from '../../src/http/tool-schemas.js'
import { declare, smallestRead } from '../_util/contracts.js'
import { cancellation, type HttpDesk, openHttpDesk, refund } from './http-desk.js'

let desk: HttpDesk
beforeAll(async () => {
  desk = await openHttpDesk()
})
afterAll(() => desk.close())

const get = (path: string, token = desk.tokens.desk) => desk.call('GET', path, { token })

describe('listing actions', () => {
  const ids: string[] = []
  beforeAll(async () => {
    for (const id of ['l1', 'l2', 'l3', 'l4']) ids.unshift((await desk.submit(refund(id))).body.id)
    ids.unshift((await desk.submit(cancellation('l5'), { token: desk.tokens.other })).body.id)
    await desk.end(ids[4] as string, 'succeeded')
  })

  test('gives the newest first', async () => {
    const { body } = await get('/v1/actions', desk.tokens.ann)
    expect(pageOf(actionShape.strict()).strict().parse(body).next).toBeNull()
    expect(body.items.map(({ id }: { id: string }) => id)).toEqual(ids)
  })

  test('comes in pages that miss nothing and repeat nothing', async () => {
    const seen: string[] = []
    let next: string | null = null
    do {
      const { body } = await get(`/v1/actions?limit=2${next ? `&cursor=${next}` : ''}`, desk.tokens.ann)
      seen.push(...body.items.map(({ id }: { id: string }) => id))
      next = body.next
    } while (next)
    expect(seen).toEqual(ids)
  })

  test.each([
    ['agent=agent:other', 1],
    ['tool=refund_invoice', 4],
    ['tool=no_tool', 0],
    ['stage=request', 4],
    ['stage=trail', 1],
    ['outcome=succeeded', 1],
    ['request_id=l2', 1],
    ['tool=refund_invoice&outcome=failed', 0],
  ])('can be narrowed down with %s', async (filter, expected) => {
    const { body } = await get(`/v1/actions?${filter}`, desk.tokens.ann)
    expect(body.items).toHaveLength(expected)
  })

  test.each([
    ['limit=0', '/limit'],
    ['limit=101', '/limit'],
    ['limit=some', '/limit'],
    ['limit=1&limit=2', '/limit'],
    ['stage=nowhere', '/stage'],
    ['outcome=fine', '/outcome'],
    ['agent=%00', '/agent'],
    ['request_id=', '/request_id'],
    ['sort=asc', '/sort'],
    ['cursor=garbage', '/cursor'],
  ])('refuses %s', async (query, pointer) => {
    const answer = await get(`/v1/actions?${query}`)
    expect(answer.status).toBe(400)
    expect(answer.body).toMatchObject({ code: 'EXQ-1002', errors: [{ pointer }] })
  })

  test.each([
    ['a time that is none', ['2026-02-31T00:00:00Z', 'act_1']],
    ['half a time', ['2026', 'act_1']],
    ['NUL', ['2026-02-01T00:00:00Z', 'a\0']],
    ['more', [{}, []]],
    ['nothing', []],
  ])('refuses a forged cursor with %s', async (_what, position) => {
    const cursor = Buffer.from(JSON.stringify(position)).toString('base64url')
    const answer = await get(`/v1/actions?cursor=${cursor}`)
    expect(answer.body.code).toBe('EXQ-1002')
  })
})

describe('one action', () => {
  test('that is not there has a code of its own', async () => {
    for (const path of ['/v1/actions/act_none', '/v1/actions/act_none/trail', '/v1/actions/act_none/history']) {
      const answer = await get(path)
      expect(answer.status).toBe(404)
      expect(answer.body.code).toBe('EXQ-6001')
    }
  })

  test.each(['%00', 'a%20b', '%F0%9F%92%A9', `${'x'.repeat(90)}%0a`])('cannot be named %s', async (id) => {
    expect((await get(`/v1/actions/${id}`)).body).toMatchObject({ code: 'EXQ-1002', errors: [{ pointer: '/id' }] })
  })

  test('has a trail', async () => {
    const { body } = await desk.submit(refund('trail'))
    const answer = await get(`/v1/actions/${body.id}/trail`)
    expect(answer.status).toBe(200)
    expect(trailShape.strict().parse(answer.body).entries).toMatchObject([{ stage: 'request' }])
  })

  test('has a history, as it is', async () => {
    const { body } = await desk.submit(refund('trail'))
    const answer = await get(`/v1/actions/${body.id}/history`)
    expect(answer).toMatchObject({ status: 200, body: { events: [{ eventId: '1' }] } })
  })

  test('has no history while Temporal has none', async () => {
    const missing = Object.assign(new Error('workflow not found'), { code: 5, details: 'not found', metadata: {} })
    const workflows = { ...desk.plane.workflows, history: () => Promise.reject(missing) }
    const app = await desk.serve({ ...desk.plane, workflows })
    const { body } = await desk.submit(refund('trail'))
    const answer = await app.inject({
      url: `/v1/actions/${body.id}/history`,
      headers: { authorization: `Bearer ${desk.tokens.desk}` },
    })
    expect(answer.json()).toMatchObject({ status: 404, code: 'EXQ-6001' })
    await app.close()
  })
})

describe('cancelling', () => {
  const cancel = (id: string, body?: unknown, token = desk.tokens.desk) =>
    desk.call('POST', `/v1/actions/${id}/cancel`, { token, body })

  test('is recorded with its reason, and told to the workflow', async () => {
    const { body } = await desk.submit(refund('c1'))
    const answer = await cancel(body.id, { reason: 'wrong invoice' })
    expect(answer.status).toBe(200)
    expect(actionShape.strict().parse(answer.body).id).toBe(body.id)
    expect(desk.hints.at(-1)).toBe(body.id)
    const { rows } = await desk.plane.pool
      .of('acme')
      .query('select cancelled_by, reason from cancellations where action_id = $1', [body.id])
    expect(rows).toEqual([{ cancelled_by: 'agent:support_refunds_v2', reason: 'wrong invoice' }])
  })

  test('needs no reason, and no body', async () => {
    const { body } = await desk.submit(refund('c2'))
    expect((await cancel(body.id)).status).toBe(200)
    expect((await cancel(body.id, '')).status).toBe(200)
    expect((await cancel(body.id, {}, desk.tokens.bob)).status).toBe(200)
  })

  test('refuses what it does not know', async () => {
    const { body } = await desk.submit(refund('c3'))
    expect((await cancel(body.id, { why: 'x' })).body).toMatchObject({
      code: 'EXQ-1002',
      errors: [{ pointer: '/why' }],
    })
    expect((await cancel(body.id, { reason: 'a\0' })).body.code).toBe('EXQ-1002')
  })

  test('of what is somebody else’s, is not there, or has ended, is refused', async () => {
    const { body } = await desk.submit(refund('c4'))
    expect((await cancel(body.id, undefined, desk.tokens.other)).body.code).toBe('EXQ-6001')
    expect((await cancel('act_none')).body.code).toBe('EXQ-6001')
    await desk.end(body.id, 'failed')
    expect((await cancel(body.id)).body).toMatchObject({ status: 409, code: 'EXQ-6003' })
  })
})

describe('tools', () => {
  test('are listed, each in its newest version', async () => {
    const { body } = await get('/v1/tools')
    expect(pageOf(toolShape.strict()).strict().parse(body).next).toBeNull()
    expect(body.items.map(({ name }: { name: string }) => name)).toEqual([
      'add_note',
      'cancel_subscription',
      'erase_customer',
      'get_invoice',
      'refund_invoice',
    ])
  })

  test('can be looked at, in any version', async () => {
    expect((await get('/v1/tools/refund_invoice')).body).toMatchObject({ version: 1, binding: ['ticket_id'] })
    expect((await get('/v1/tools/refund_invoice?version=1')).body.version).toBe(1)
    expect((await get('/v1/tools/refund_invoice?version=2')).body.code).toBe('EXQ-1109')
    expect((await get('/v1/tools/nothing')).body.code).toBe('EXQ-1109')
    expect((await get('/v1/tools/refund_invoice?version=x')).body.code).toBe('EXQ-1002')
  })

  test('that were published a moment ago can be asked for', async () => {
    const ask = { tool: 'touch_thing', args: { thing: 't' }, context: { request_id: 'new-tool' } }
    expect((await desk.submit(ask)).body.code).toBe('EXQ-1101')
    await publishContracts(desk.database.executorPool, ['acme'], [declare(smallestRead)])
    expect((await desk.submit(ask)).status).toBe(202)
  })
})
