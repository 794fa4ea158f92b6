import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { recordIntent } from '../../src/ledger/queries/record-intent.js'
import { recordOutcome } from '../../src/ledger/queries/record-outcome.js'
import { refundInvoice } from '../_util/contracts.js'
import { decisionOf, intentFor, under } from '../_util/ledger-rows.js'
import { type HttpDesk, openHttpDesk, refund, send } from './http-desk.js'

let desk: HttpDesk
beforeAll(async () => {
  desk = await openHttpDesk()
})
afterAll(() => desk.close())

const args = { invoice_id: 'in_123', reason_code: 'duplicate_charge', amount_cents: 4200 }

/** A refund that ran without people, and ended. */
async function aRefund(request_id: string, ended = true): Promise<string> {
  const { body } = await desk.submit(refund(request_id))
  const intent = await intentFor(
    desk.database.serverPool,
    { tenant: 'acme', action_id: body.id },
    {
      args,
      decision: decisionOf({ contract_digest: refundInvoice.digest }),
      under: { ...under, agent: 'agent:support_refunds_v2' },
    },
  )
  expect(await recordIntent(desk.database.executorPool, intent)).toBe('written')
  await recordOutcome(desk.database.executorPool, intent, 1, { effect: 'committed', output: null, error: null })
  if (ended) await desk.end(body.id, 'succeeded')
  return body.id
}

const list = (token: string, query = '') => desk.call('GET', `/v1/reviews${query}`, { token })
const review = (token: string, id: string, body: object) =>
  desk.call('POST', `/v1/actions/${id}/reviews`, { token, body })
const idsOf = async (token: string, query = '') =>
  (await list(token, query)).body.items.map(({ action_id }: { action_id: string }) => action_id)

describe('the review list', () => {
  test('says what was changed for whom, to those who could have approved it', async () => {
    const id = await aRefund('listed')
    const { status, body } = await list(desk.tokens.bob)
    expect(status).toBe(200)
    expect(body.items.find((item: { action_id: string }) => item.action_id === id)).toMatchObject({
      agent: 'agent:support_refunds_v2',
      subject: 'ticket:zd_1',
      outcome: 'succeeded',
      changes: [
        {
          step: 'step1',
          tool: 'refund_invoice',
          title: 'Refund an invoice',
          resource: 'Invoice in_123',
          args,
          effect: 'committed',
          undone: false,
        },
      ],
      review: { standing: 'due', said: [] },
    })
  })

  test('shows nothing to who owns the agent, is of another group, or of another tenant', async () => {
    await aRefund('not-for-all')
    for (const token of [desk.tokens.ann, desk.tokens.eve, desk.tokens.zoe]) expect(await idsOf(token)).toEqual([])
  })

  test('is for people', async () => {
    expect((await list(desk.tokens.desk)).body.code).toBe('EXQ-2002')
  })

  test('goes on where a page ended', async () => {
    await aRefund('page-1')
    await aRefund('page-2')
    const all = await idsOf(desk.tokens.bob)
    const first = await list(desk.tokens.bob, '?limit=1')
    const rest = await idsOf(desk.tokens.bob, `?cursor=${first.body.next}`)
    expect([first.body.items[0].action_id, ...rest]).toEqual(all)
  })
})

describe('a review', () => {
  test('takes the action off the list, and is seen on it', async () => {
    const id = await aRefund('looked')
    const { status, body } = await review(desk.tokens.bob, id, { verdict: 'looked-at' })
    expect(status).toBe(200)
    expect(body.review).toMatchObject({
      standing: 'looked-at',
      said: [{ reviewer: 'person:bob', verdict: 'looked-at', reason: null }],
    })
    expect(await idsOf(desk.tokens.bob)).not.toContain(id)
    const trail = await desk.call('GET', `/v1/actions/${id}/trail`, { token: desk.tokens.bob })
    expect(trail.body.entries.map(({ what }: { what: string }) => what)).toContain('looked over by person:bob')
  })

  test('that objects is listed apart, with its reason', async () => {
    const id = await aRefund('objected')
    expect((await review(desk.tokens.bob, id, { verdict: 'objected' })).body.code).toBe('EXQ-1002')
    await review(desk.tokens.bob, id, { verdict: 'objected', reason: 'Was refunded by hand.' })
    expect(await idsOf(desk.tokens.bob)).not.toContain(id)
    expect(await idsOf(desk.tokens.bob, '?objected=true')).toEqual([id])
    const { body } = await desk.call('GET', `/v1/actions/${id}`, { token: desk.tokens.bob })
    expect(body.review).toMatchObject({ standing: 'objected', said: [{ reason: 'Was refunded by hand.' }] })
  })

  test.each<[who: string, token: (desk: HttpDesk) => string, code: string]>([
    ['the owner of the agent', ({ tokens }) => tokens.ann, 'EXQ-4032'],
    ['somebody of another group', ({ tokens }) => tokens.eve, 'EXQ-4032'],
    ['an agent', ({ tokens }) => tokens.desk, 'EXQ-2002'],
    ['somebody of another tenant', ({ tokens }) => tokens.zoe, 'EXQ-6001'],
  ])('is not for %s', async (who, token, code) => {
    const id = await aRefund(`not-for-${who.replaceAll(' ', '-')}`)
    expect((await review(token(desk), id, { verdict: 'looked-at' })).body.code).toBe(code)
    expect(await idsOf(desk.tokens.bob)).toContain(id)
  })

  test('is not possible before the end, nor of what changed nothing', async () => {
    const running = await aRefund('running', false)
    const denied = (await desk.submit(refund('denied'))).body.id
    await desk.end(denied, 'denied')
    for (const id of [running, denied]) {
      const { status, body } = await review(desk.tokens.bob, id, { verdict: 'looked-at' })
      expect([status, body.code]).toEqual([409, 'EXQ-4031'])
    }
  })
})

test('where there is one person only, that one looks over what their own agents did', async () => {
  const alone = await desk.serve({ ...desk.plane, people: 'one' })
  const { ann } = desk.tokens
  const id = await aRefund('of-my-own')
  expect((await send(desk.app, 'GET', '/v1/reviews', { token: ann })).body.items).toEqual([])
  const { items } = (await send(alone, 'GET', '/v1/reviews', { token: ann })).body
  expect(items.map(({ action_id }: { action_id: string }) => action_id)).toContain(id)
  const body = { verdict: 'looked-at' }
  expect((await send(alone, 'POST', `/v1/actions/${id}/reviews`, { token: ann, body })).status).toBe(200)
})
