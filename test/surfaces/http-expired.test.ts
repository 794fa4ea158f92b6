import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { permitDesk } from '../_util/policies.js'
import { cancellation, type HttpDesk, openHttpDesk } from './http-desk.js'

const twoForLarge = `${permitDesk}
@id("large") @require("finance:2") forbid (principal, action == Action::"cancel_subscription", resource)
when { context.args.subscription_id == "sub_large" } unless { context.approvals.finance >= 2 };`

let desk: HttpDesk
beforeAll(async () => {
  desk = await openHttpDesk({}, twoForLarge)
})
afterAll(() => desk.close())

const ttlMs = 15_000

/** Asks for a cancellation, lets bob vote in time, or nobody, and resolves to what is said of it once it has expired. */
async function expired(subscription_id: string, votes: boolean): Promise<string> {
  const { body } = await desk.submit({ ...cancellation(`late-${subscription_id}-${votes}`), args: { subscription_id } })
  const approval = await desk.askPeople(body, ttlMs)
  const token = desk.tokens.bob
  const { envelope_digest, expires_at } = (await desk.call('GET', `/v1/approvals/${approval}`, { token })).body
  const vote = { vote: 'approve', reason: 'seen', envelope_digest }
  if (votes)
    expect((await desk.call('POST', `/v1/approvals/${approval}/votes`, { token, body: vote })).status).toBe(200)
  await sleep(Date.parse(expires_at) + 100 - Date.now())
  const { state, explanation } = await desk.readApproval(body, 1)
  expect(state).toBe('expired')
  return explanation
}

describe.concurrent('a request that expired says', () => {
  test('that nobody decided, only where really nobody did', async () => {
    expect(await expired('sub_1', false)).toMatch(/^EXQ-4007 Nobody decided until /)
  })

  test('that not enough people decided, where some did', async () => {
    expect(await expired('sub_large', true)).toMatch(/^EXQ-4007 Not enough people decided until /)
  })

  test('that it was approved, where nothing was begun on it in time', async () => {
    expect(await expired('sub_2', true)).toMatch(/^EXQ-4007 It was approved, but not begun until /)
  })
})
