import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { suspendPrincipal } from '../../src/control-plane/principal-life.js'
import { createPrincipal } from '../../src/control-plane/principals.js'
import type { Outcome } from '../../src/domain/lifecycle.js'
import { recordIntent } from '../../src/ledger/queries/record-intent.js'
import { intentFor } from '../_util/ledger-rows.js'
import { cancellation, type HttpDesk, openHttpDesk } from './http-desk.js'

let desk: HttpDesk
beforeAll(async () => {
  desk = await openHttpDesk()
})
afterAll(() => desk.close())

const look = async (id: string) => (await desk.call('GET', `/v1/approvals/${id}`, { token: desk.tokens.bob })).body

async function ask(name: string) {
  const action = (await desk.submit(cancellation(name))).body.id as string
  return { action, id: await desk.askPeople({ id: action }) }
}

const vote = async (id: string, kind: string, token = desk.tokens.bob) =>
  desk.call('POST', `/v1/approvals/${id}/votes`, {
    token,
    body: { vote: kind, reason: 'seen', envelope_digest: (await look(id)).envelope_digest },
  })

/** Records that the call is let through by this approval, as an executor would. */
async function use({ action, id }: Awaited<ReturnType<typeof ask>>) {
  const { envelope_digest } = await look(id)
  const intent = await intentFor(
    desk.database.serverPool,
    { tenant: 'acme', action_id: action },
    { tool: 'cancel_subscription', args: { subscription_id: 'sub_1' }, envelope_digest },
  )
  expect(await recordIntent(desk.database.executorPool, intent)).toBe('written')
}

describe('an approval request that is over', () => {
  test('was approved where something was done on it, whatever became of it afterwards', async () => {
    const used = await ask('used')
    await vote(used.id, 'approve')
    await use(used)
    expect((await look(used.id)).state).toBe('approved')
    await desk.call('POST', `/v1/actions/${used.action}/cancel`, { token: desk.tokens.desk, body: {} })
    expect(await look(used.id)).toMatchObject({ state: 'approved', cancelled_by: 'agent:support_refunds_v2' })
    await desk.end(used.action, 'compensated')
    expect((await look(used.id)).state).toBe('approved')
  })

  test.each<[Outcome, string]>([
    ['denied', 'ended'],
    ['failed', 'ended'],
    ['needs-attention', 'ended'],
    ['expired', 'expired'],
  ])('was not approved where the action ended %s before anything was done', async (outcome, state) => {
    const { action, id } = await ask(`ended-${outcome}`)
    await desk.end(action, outcome)
    expect((await look(id)).state).toBe(state)
  })

  test('tells who cancelled it', async () => {
    const { action, id } = await ask('cancelled')
    await desk.call('POST', `/v1/actions/${action}/cancel`, { token: desk.tokens.bob, body: {} })
    expect(await look(id)).toMatchObject({ state: 'cancelled', cancelled_by: 'person:bob' })
    await desk.end(action, 'cancelled')
    expect((await look(id)).state).toBe('cancelled')
  })

  test('stays rejected when whoever rejected it may decide nothing any more', async () => {
    const person = { tenant: 'acme', kind: 'person', name: 'gone', groups: ['finance'], by: 'test' } as const
    const { token } = await createPrincipal(desk.plane, person)
    const { action, id } = await ask('rejected')
    await vote(id, 'reject', token)
    await desk.end(action, 'rejected')
    await suspendPrincipal(desk.plane, { tenant: 'acme', principal: 'person:gone', by: 'test', reason: 'left' })
    expect((await look(id)).state).toBe('rejected')
  })
})
