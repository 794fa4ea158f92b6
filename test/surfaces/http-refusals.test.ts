import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { revokePrincipal } from '../../src/control-plane/principals.js'
import { digest, digestBytes } from '../../src/digest.js'
import { errorTable } from '../../src/domain/errors.js'
import { type Answer, type Call, cancellation, type HttpDesk, openHttpDesk, refund, send } from './http-desk.js'

let desk: HttpDesk
beforeAll(async () => {
  desk = await openHttpDesk()
  await desk.submit(refund('taken'))
})
afterAll(() => desk.close())

/** What a refused request leaves behind, beside its answer. */
async function refused(call: () => Promise<Answer>) {
  const [actions, starts, before] = [await desk.count('actions'), desk.starts.length, await desk.refusals()]
  const answer = await call()
  const left = (await desk.refusals()).slice(before.length)
  expect(await desk.count('actions')).toBe(actions)
  expect(desk.starts).toHaveLength(starts)
  return { answer, left }
}

interface Case {
  readonly what: string
  readonly code: keyof typeof errorTable
  readonly body: unknown
  readonly pointers?: readonly string[]
  readonly call?: Omit<Call, 'body'>
}

const context = { request_id: 'r', ticket_id: 'zd_1' }
const args = refund('r').args
const call = { tool: 'refund_invoice', args, context }
const nested = (depth: number) => JSON.parse(`${'['.repeat(depth)}${']'.repeat(depth)}`) as unknown

const cases: readonly Case[] = [
  { what: 'malformed JSON', code: 'EXQ-1001', body: '{"tool": ' },
  { what: 'no body', code: 'EXQ-1001', body: '' },
  { what: 'bytes that are not UTF-8', code: 'EXQ-1001', body: Buffer.from([0x7b, 0x22, 0xff, 0x22, 0x7d]) },
  {
    what: 'a name that is there twice',
    code: 'EXQ-1001',
    body: '{"tool":"get_invoice","t\\u006fol":"erase_customer"}',
  },
  {
    what: '__proto__',
    code: 'EXQ-1001',
    body: JSON.stringify(call).replace('"args":{', '"args":{"__proto__":{"a":1},'),
  },
  { what: 'constructor', code: 'EXQ-1001', body: { ...call, args: { ...args, constructor: { prototype: {} } } } },
  { what: 'null', code: 'EXQ-1001', body: 'null' },
  { what: 'a list', code: 'EXQ-1002', body: [call], pointers: [''] },
  { what: 'an empty object', code: 'EXQ-1002', body: {}, pointers: ['/tool', '/args', '/context'] },
  { what: 'an unknown field', code: 'EXQ-1002', body: { ...call, extra: 1 }, pointers: ['/extra'] },
  {
    what: 'an unknown field of the context',
    code: 'EXQ-1002',
    body: { ...call, context: { ...context, 'a/b~': 1 } },
    pointers: ['/context/a~1b~0'],
  },
  { what: 'tool and plan', code: 'EXQ-1002', body: { ...call, plan: { steps: [] } }, pointers: ['/plan'] },
  {
    what: 'a plan of another shape',
    code: 'EXQ-1002',
    body: { plan: { steps: [{ tool: 'get_invoice', args: {} }, { tool: 7 }] }, context },
    pointers: ['/plan/steps/1/tool', '/plan/steps/1/args'],
  },
  {
    what: 'a request id with a space',
    code: 'EXQ-1002',
    body: { ...call, context: { ...context, request_id: 'a b' } },
    pointers: ['/context/request_id'],
  },
  {
    what: 'no request id',
    code: 'EXQ-1002',
    body: { ...call, context: { ticket_id: 'zd_1' } },
    pointers: ['/context/request_id'],
  },
  {
    what: 'NUL in a text',
    code: 'EXQ-1002',
    body: { ...call, args: { ...args, customer_message: 'a\0b' } },
    pointers: ['/args/customer_message'],
  },
  {
    what: 'NUL in a name',
    code: 'EXQ-1002',
    body: { ...call, args: { 'a\0': 1 } },
    pointers: ['/args/a\0'],
  },
  {
    what: 'half a surrogate pair',
    code: 'EXQ-1002',
    body: JSON.stringify({ ...call, context: { ...context, reason: 'X' } }).replace('"X"', '"\\ud800"'),
    pointers: ['/context/reason'],
  },
  {
    what: 'a number beyond 2^53-1',
    code: 'EXQ-1002',
    body: JSON.stringify(call).replace('"args":{', '"args":{"amount_cents":9007199254740993,'),
    pointers: ['/args/amount_cents'],
  },
  {
    what: 'a number beyond every double',
    code: 'EXQ-1002',
    body: JSON.stringify(call).replace('"args":{', '"args":{"amount_cents":-1e999,'),
    pointers: ['/args/amount_cents'],
  },
  {
    what: 'nesting without end',
    code: 'EXQ-1002',
    body: { ...call, args: { deep: nested(31) } },
    pointers: [`/args/deep${'/0'.repeat(30)}`],
  },
  {
    what: 'nesting of a hundred thousand levels',
    code: 'EXQ-1002',
    body: `${'['.repeat(100_000)}${']'.repeat(100_000)}`,
  },
  {
    what: 'a body over 256 KiB',
    code: 'EXQ-1003',
    body: { ...call, args: { ...args, customer_message: 'x'.repeat(262_144) } },
  },
  { what: 'another media type', code: 'EXQ-1004', body: 'tool=x', call: { headers: { 'content-type': 'text/plain' } } },
  { what: 'a media type that is none', code: 'EXQ-1004', body: '{}', call: { headers: { 'content-type': 'json' } } },
  { what: 'an unknown tool', code: 'EXQ-1101', body: { ...call, tool: 'no_tool' }, pointers: ['/tool'] },
  { what: 'an unknown version', code: 'EXQ-1101', body: { ...call, version: 9 }, pointers: ['/tool'] },
  {
    what: 'bad arguments',
    code: 'EXQ-1102',
    body: { ...call, args: { ...args, amount_cents: -1, colour: 'red' } },
    pointers: ['/args/colour', '/args/amount_cents'],
  },
  {
    what: 'a missing ticket',
    code: 'EXQ-1103',
    body: { ...call, context: { request_id: 'r' } },
    pointers: ['/context/ticket_id'],
  },
  { what: 'another tenant', code: 'EXQ-1104', body: { ...call, context: { ...context, tenant: 'globex' } } },
  { what: 'another actor', code: 'EXQ-1104', body: { ...call, context: { ...context, actor: 'agent:other' } } },
  {
    what: 'somebody it does not act for',
    code: 'EXQ-1104',
    body: { ...call, context: { ...context, on_behalf_of: 'person:ann' } },
  },
  {
    what: 'a request id used with another body',
    code: 'EXQ-1105',
    body: refund('taken', { args: { invoice_id: 'in_124' } }),
  },
  {
    what: 'a request id used, now for a person to see',
    code: 'EXQ-1105',
    body: refund('taken', { context: { requires_approval: true } }),
  },
  {
    what: 'a plan beyond its bounds',
    code: 'EXQ-1106',
    body: { plan: { steps: [{ tool: 'refund_invoice', args }], bounds: { writes: 0 } }, context },
    pointers: ['/plan/bounds/writes'],
  },
  { what: 'a plan of no steps', code: 'EXQ-1106', body: { plan: { steps: [] }, context }, pointers: ['/plan/steps'] },
]

describe('a request for an action with', () => {
  test.each(cases)('$what is refused as $code, and leaves one refusal and nothing else', async (refusal) => {
    const { answer, left } = await refused(() => desk.submit(refusal.body, refusal.call))
    const { status, title, remedy, retryable } = errorTable[refusal.code]
    expect(answer.body).toMatchObject({
      type: `urn:exequatur:error:${refusal.code}`,
      code: refusal.code,
      status,
      title,
      remedy,
      retryable,
    })
    expect(answer.status).toBe(status)
    expect(answer.headers['content-type']).toMatch(/^application\/problem\+json/)
    expect(answer.body.detail).toBeTruthy()
    if (refusal.pointers) {
      expect(answer.body.errors.map(({ pointer }: { pointer: string }) => pointer)).toEqual(refusal.pointers)
    }
    expect(left).toEqual([
      {
        tenant: 'acme',
        principal: 'agent:support_refunds_v2',
        code: refusal.code,
        request_digest: expect.stringMatching(/^sha256:[0-9a-f]{64}$/),
      },
    ])
  })

  test('anything refused is noted by the digest of its bytes', async () => {
    const { left } = await refused(() => desk.submit('{"tool": '))
    expect(left[0]?.request_digest).toBe(digestBytes('{"tool": '))
  })

  test('a body that was never read is noted by the digest of nothing', async () => {
    const { left } = await refused(() => desk.submit('x'.repeat(300_000)))
    expect(left[0]).toMatchObject({ code: 'EXQ-1003', request_digest: digest(null) })
  })

  test('the largest body that is allowed is read', async () => {
    const shell = JSON.stringify(refund('r', { args: { customer_message: '' } })).length
    const { answer } = await refused(() =>
      desk.submit(refund('r', { args: { customer_message: 'x'.repeat(262_144 - shell) } })),
    )
    expect(answer.body.code).toBe('EXQ-1102')
  })

  test('32 levels is still read', async () => {
    const { answer } = await refused(() => desk.submit({ ...call, args: { deep: nested(30) } }))
    expect(answer.body.code).toBe('EXQ-1102')
  })
})

describe('a refusal', () => {
  test('of a person, who may not ask, is noted with the person', async () => {
    const { answer, left } = await refused(() => desk.submit(refund('person'), { token: desk.tokens.ann }))
    expect(answer.body.code).toBe('EXQ-2002')
    expect(left).toMatchObject([{ tenant: 'acme', principal: 'person:ann', code: 'EXQ-2002' }])
  })

  test('of a stranger leaves nothing', async () => {
    for (const token of [undefined, 'garbage', `exq_acme_${'x'.repeat(43)}`, `exq_nowhere_${'x'.repeat(43)}`]) {
      const { answer, left } = await refused(() => desk.submit('{"tool": ', { token }))
      expect(answer.body.code).toBe('EXQ-2001')
      expect(left).toEqual([])
    }
  })

  test('of a revoked agent leaves nothing, whatever it sends, even what it had asked before', async () => {
    const { body } = await desk.submit(refund('before'), { token: desk.tokens.other })
    expect(body.actor).toBe('agent:other')
    await revokePrincipal(desk.plane, 'acme', 'agent:other', 'test')
    for (const sent of [refund('before'), refund('after'), '{"tool": ', { ...call, tool: 'no_tool' }]) {
      const { answer, left } = await refused(() => desk.submit(sent, { token: desk.tokens.other }))
      expect(answer.body.code).toBe('EXQ-2001')
      expect(answer.headers['www-authenticate']).toBe('Bearer')
      expect(left).toEqual([])
    }
  })

  test('of anything but a request for an action is not noted', async () => {
    const { body } = await desk.submit(cancellation('plain'))
    const { left } = await refused(async () => {
      await desk.call('POST', `/v1/actions/${body.id}/cancel`, { token: desk.tokens.desk, body: '{' })
      await desk.call('GET', '/v1/actions?limit=0', { token: desk.tokens.desk })
      return desk.call('POST', '/v1/nothing', { token: desk.tokens.desk, body: '{' })
    })
    expect(left).toEqual([])
  })

  test('for asking too often is noted too, and is nobody else’s', async () => {
    const app = await desk.serve(desk.plane, { rateLimit: { max: 2, windowMs: 60_000 } })
    const ask = () => send(app, 'POST', '/v1/actions', { token: desk.tokens.desk, body: refund('often') })
    expect([(await ask()).status, (await ask()).status]).toEqual([202, 202])
    const { answer, left } = await refused(ask)
    expect(answer.status).toBe(429)
    expect(answer.body).toMatchObject({ code: 'EXQ-1108', retryable: true })
    expect(Number(answer.headers['retry-after'])).toBeGreaterThan(0)
    expect(left).toMatchObject([{ principal: 'agent:support_refunds_v2', code: 'EXQ-1108' }])
    const elsewhere = await send(app, 'POST', '/v1/actions', { token: desk.tokens.globex, body: refund('often') })
    expect(elsewhere.status).toBe(202)
    await app.close()
  })

  test('that cannot be noted is not told', async () => {
    const away = Object.assign(new Error('connect ECONNREFUSED 127.0.0.1:5432'), { code: 'ECONNREFUSED' })
    const pool = { ...desk.plane.pool, of: () => ({ query: () => Promise.reject(away) }) }
    const app = await desk.serve({ ...desk.plane, pool })
    const { answer } = await refused(() =>
      send(app, 'POST', '/v1/actions', { token: desk.tokens.desk, body: '{"tool": ' }),
    )
    expect(answer.body.code).toBe('EXQ-7004')
    await app.close()
  })
})
