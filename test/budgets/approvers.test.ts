import { afterAll, beforeAll, expect, test } from 'vitest'
import type { ApprovalReport } from '../../src/domain/activities.js'
import { bringToAnEnd, type LimitedRoom, openLimitedRoom, pay, payingPolicies } from './limited-room.js'

const asking = `
@id("more") @require("finance:1") @say("More than 2.00 needs finance.")
forbid (principal, action == Action::"refund_invoice", resource)
when { context.args has amount_cents && context.args.amount_cents > 200 }
unless { context.approvals.finance >= 1 };
`

let room: LimitedRoom
beforeAll(async () => {
  room = await openLimitedRoom(
    [
      { name: 'money', per: ['owner'], of: 'spend_cents', limit: 1_000, window: '24h' },
      { name: 'writes', per: ['tenant'], of: 'writes', limit: 2, window: '1h' },
      { name: 'target', per: ['target'], of: 'spend_cents', limit: 300, window: '1h' },
      { name: 'others', per: ['agent'], of: 'writes', limit: 9, window: '1h', tools: ['add_note'] },
      { name: 'tokens', per: ['agent'], of: 'reported_tokens', limit: 1_000, window: '1h' },
    ],
    payingPolicies + asking,
  )
})
afterAll(() => room.close())

test('approvers see where the budgets stand that a request counts for, before the request itself', async () => {
  await room.person('pat', [])
  const token = await room.agent('frank', 'person:pat')
  expect(await bringToAnEnd(room, await room.ask(pay(150, 'in_7'), token))).toBe('committed')
  const id = await room.ask(pay(250, 'in_8'), token)
  const { approval_id } = (await room.decide(id, 1)) as ApprovalReport
  const seen = async () =>
    (await room.http.call('GET', `/v1/approvals/${approval_id}`, { token: room.http.tokens.bob })).body
  const common = { limit: 1_000, window_ms: 86_400_000 }
  expect((await seen()).budgets).toEqual([
    { name: 'money', scope: 'owner person:pat', of: 'spend_cents', currency: 'usd', used: 150, left: 850, ...common },
    {
      name: 'writes',
      scope: 'tenant acme',
      of: 'writes',
      currency: null,
      limit: 2,
      used: 1,
      left: 1,
      window_ms: 3_600_000,
    },
    {
      name: 'target',
      scope: 'target Invoice in_8',
      of: 'spend_cents',
      currency: 'usd',
      limit: 300,
      used: 0,
      left: 300,
      window_ms: 3_600_000,
    },
    {
      name: 'tokens',
      scope: 'agent agent:frank',
      of: 'reported_tokens',
      currency: null,
      limit: 1_000,
      used: 0,
      left: 1_000,
      window_ms: 3_600_000,
    },
  ])
  // Others take of it meanwhile: what is shown is as of now.
  expect(await bringToAnEnd(room, await room.ask(pay(100, 'in_8'), token))).toBe('committed')
  const [money, writes, target] = (await seen()).budgets
  expect([money.left, writes.left, target.left]).toEqual([750, 0, 200])
  const list = await room.http.call('GET', '/v1/approvals', { token: room.http.tokens.bob })
  expect(list.body.items).toMatchObject([{ id: approval_id, budgets: null }])
})
