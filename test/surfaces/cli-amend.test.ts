import { afterEach, expect, test } from 'vitest'
import { type Answers, type ApiServer, startApi } from './cli-api-server.js'
import { action, actionId, approval, approvalId, held } from './cli-samples.js'

let api: ApiServer
afterEach(() => api.close())

async function run(argv: readonly string[], answers: Answers = {}) {
  api = await startApi({
    [`GET /v1/approvals/${approvalId}`]: approval(),
    [`GET /v1/actions/${actionId}`]: held,
    'GET /v1/tools/refund_invoice': {
      input: { properties: { amount_cents: { type: 'integer' }, invoice_id: { type: 'string' } } },
    },
    [`POST /v1/approvals/${approvalId}/amendments`]: approval({ state: 'stale' }),
    ...answers,
  })
  const ran = await api.run(argv)
  return { ...ran, sent: api.received.filter(({ method }) => method === 'POST') }
}

test('amends what was shown, with arguments of the types that the contract wants', async () => {
  const argv = ['amend', approvalId, '--set', 'amount_cents=40000', '--set', 'invoice_id=12', '--reason', 'Half.']
  const { code, stdout, sent } = await run(argv)
  expect({ code, stdout }).toEqual({ code: 0, stdout: `amended step1 of ${actionId}\n` })
  expect(sent[0]?.body).toEqual({
    step: 'step1',
    args: { amount_cents: 40_000, invoice_id: '12' },
    reason: 'Half.',
    envelope_digest: approval().envelope_digest,
  })
})

test('amends the open approval of an action, unless it is another one than named', async () => {
  expect((await run(['amend', actionId, '--args', '{"a":1}', '--reason', 'x'])).sent).toHaveLength(1)
  await api.close()
  const argv = ['amend', actionId, '--args', '{"a":1}', '--reason', 'x', '--digest', 'sha256:other']
  expect(await run(argv)).toMatchObject({ code: 1, sent: [] })
})

test('takes no amendment without a reason', async () => {
  const { code, sent } = await run(['amend', approvalId, '--set', 'amount_cents=1'])
  expect({ code, sent }).toEqual({ code: 2, sent: [] })
})

test('an action tells what was amended', async () => {
  const amendments = [
    {
      step: 'step1',
      amended_by: 'person:ann',
      reason: 'Half.',
      changes: [{ pointer: '/amount_cents', before: 2, after: 1 }],
      at: '2026-06-17T10:00:00.000Z',
    },
  ]
  const { stdout } = await run(['get', actionId], { [`GET /v1/actions/${actionId}`]: action({ amendments }) })
  expect(stdout).toContain('step1, /amount_cents by person:ann: Half.')
})
