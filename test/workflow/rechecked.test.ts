import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { HistoryEvent } from '../../examples/refund-desk/demo/temporal-cli.js'
import { freshLookMs } from '../../src/domain/looks.js'
import { type Action, openTestDesk, refund, type TestDesk, until } from '../_util/desk.js'
import { drawn } from '../_util/drawn.js'

let desk: TestDesk
beforeAll(async () => {
  desk = await openTestDesk('rechecked')
})
afterAll(() => desk?.close())

const present = async (id: string) => (await desk.agent.get<Action & { moved?: object[] }>(`/v1/actions/${id}`)).body

async function held(args: object): Promise<Action> {
  const { body } = await desk.agent.ask('refund_invoice', args as ReturnType<typeof refund>, 1)
  await until('approval is asked for', async () => (await present(body.id)).approval !== null)
  return present(body.id)
}

/** The action once it asks people again, and what they are shown. */
async function askedAgain(action: Action): Promise<{ again: Action; rendering: string }> {
  await until('it asks again', async () => {
    const { approval, stage } = await present(action.id)
    return approval?.id !== action.approval?.id && stage === 'approval'
  })
  const again = await present(action.id)
  const { body } = await desk.person('fred').get<{ rendering: string }>(`/v1/approvals/${again.approval?.id}`)
  return { again, rendering: drawn(body.rendering) }
}

/** Without the looks that had aged before their call was made, and what came of them. */
const activities = async (action: Action) => {
  const scheduled = (await desk.cli.history(action.workflow.id)).events.flatMap((event) => {
    const { activityTaskScheduledEventAttributes: attributes, eventTime } = event as HistoryEvent & {
      readonly eventTime: string
    }
    return attributes ? [{ name: attributes.activityType?.name, at: Date.parse(eventTime) }] : []
  })
  const aged = (index: number) => {
    const [look, call, next] = scheduled.slice(index)
    if (index < 0 || call?.name !== 'refund_invoice' || next?.name !== 'get_invoice') return false
    return look?.name === 'get_invoice' && next.at - look.at >= freshLookMs
  }
  return scheduled.filter((_, index) => !aged(index) && !aged(index - 1)).map(({ name }) => name)
}

test('an invoice that somebody else refunded meanwhile goes back to people, with both values', async () => {
  const invoice = await desk.invoice(1_000_000)
  const first = await held(refund(90_000, invoice))
  await desk.refundElsewhere(invoice, 800_000)
  await desk.approve(first, 'fred')
  const { again, rendering } = await askedAgain(first)
  expect(rendering).toContain('refundable_cents: 1000000 -> 200000')
  expect(await desk.refunds(invoice)).toBe(1)
  const changes = [{ pointer: '/observed/refundable_cents', before: 1_000_000, after: 200_000 }]
  expect((await present(first.id)).moved).toMatchObject([{ step: 'step1', changes }])
  await desk.approve(again, 'fred', 'reject')
  expect(await desk.agent.ended(first.id)).toMatchObject({ outcome: 'rejected' })
  expect(await desk.refunds(invoice)).toBe(1)
})

test('an invoice that somebody else refunded altogether is not refunded again, whoever approved it', async () => {
  const invoice = await desk.invoice(90_000)
  const first = await held(refund(90_000, invoice))
  await desk.refundElsewhere(invoice, 90_000)
  await desk.approve(first, 'fred')
  expect(await desk.agent.ended(first.id)).toMatchObject({ outcome: 'denied' })
  expect(await desk.refunds(invoice)).toBe(1)
})

test('what it fills in is what is left by then, and it asks again although the policy alone would let it run', async () => {
  const invoice = await desk.invoice(90_000)
  const { amount_cents: _, ...args } = refund(1, invoice)
  const first = await held(args)
  await desk.refundElsewhere(invoice, 80_000)
  await desk.approve(first, 'fred')
  const { again, rendering } = await askedAgain(first)
  expect(rendering).toContain('refundable_cents: 90000 -> 10000')
  expect(rendering).toContain('  amount_cents = 10000')
  await desk.approve(again, 'ann')
  const ended = await desk.agent.ended(first.id)
  expect(ended).toMatchObject({ outcome: 'succeeded', steps: [{ output: { amount_cents: 10_000 } }] })
})

test('what nobody touched runs on a further look, which the history shows', async () => {
  const invoice = await desk.invoice(90_000)
  const first = await held(refund(90_000, invoice))
  await desk.approve(first, 'fred')
  expect(await desk.agent.ended(first.id)).toMatchObject({ outcome: 'succeeded' })
  expect(await activities(first)).toEqual(['get_invoice', 'get_invoice', 'refund_invoice', 'refund_invoice/verify'])
})

test('what nobody was asked about is looked at once, as before', async () => {
  const { body } = await desk.agent.ask('refund_invoice', refund(1_000, await desk.invoice()))
  expect(body.outcome).toBe('succeeded')
  expect(await activities(body)).toEqual(['get_invoice', 'refund_invoice', 'refund_invoice/verify'])
})

test('a plan whose own step changes what a later one rests on asks again before that one', async () => {
  const invoice = await desk.invoice()
  const steps = [
    { id: 'first', tool: 'refund_invoice', args: refund(60_000, invoice) },
    { id: 'second', tool: 'refund_invoice', args: refund(61_000, invoice) },
  ]
  const context = { request_id: randomUUID(), ticket_id: 'zd_1' }
  const { body } = await desk.agent.post<Action>('/v1/actions', { plan: { steps }, context }, 1)
  await until('approval is asked for', async () => (await present(body.id)).approval !== null)
  const first = await present(body.id)
  await desk.approve(first, 'fred')
  const { again, rendering } = await askedAgain(first)
  expect(rendering).toContain('second refundable_cents: 1000000 -> 940000')
  expect(await desk.refunds(invoice)).toBe(1)
  await desk.approve(again, 'fred')
  expect(await desk.agent.ended(body.id)).toMatchObject({ outcome: 'succeeded' })
  expect(await desk.refunds(invoice)).toBe(2)
})
