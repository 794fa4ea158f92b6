import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Overdue, remindOfAttention } from '../../src/control-plane/attention/remind-of-attention.js'
import { changeMembership } from '../../src/control-plane/memberships.js'
import { reminderDue } from '../../src/domain/attention-alarm.js'
import type { Effect } from '../../src/domain/lifecycle.js'
import type { CallRef } from '../../src/ledger/queries/record-intent.js'
import { recordLook } from '../../src/ledger/queries/record-look.js'
import { cancellation, type HttpDesk, openHttpDesk } from '../surfaces/http-desk.js'
import { loseCall } from '../surfaces/http-lost-calls.js'

let desk: HttpDesk
beforeAll(async () => {
  desk = await openHttpDesk()
})
afterAll(() => desk.close())

async function remind(afterMs: number, remindEveryMs: number): Promise<Overdue[]> {
  const told: Overdue[] = []
  const deps = { ...desk.plane, attentionAlarm: { afterMs, remindEveryMs } }
  await remindOfAttention(deps, ['acme', 'globex'], (overdue) => told.push(overdue))
  return told
}

const notices = async (attention: string) => {
  const { rows } = await desk.database.serverPool
    .of('acme')
    .query<{ kind: string }>('select kind, ordinal from notices where attention_id = $1 order by noticed_at, ordinal', [
      attention,
    ])
  return rows.map(({ kind }) => kind)
}

const found = (call: CallRef, effect: Effect, detail: string | null) => {
  const finding = { found: effect, detail, claimed: null, observed: null, output: null }
  return recordLook(desk.database.executorPool, call, finding, { tookMs: 0, settles: true })
}

test('a reminder is due from its age on, and each time once more after as long again', () => {
  const ms = fc.integer({ min: 1, max: 10_000_000 })
  fc.assert(
    fc.property(fc.nat(), ms, ms, (ageMs, afterMs, remindEveryMs) => {
      const rules = { afterMs, remindEveryMs }
      const due = reminderDue(ageMs, rules)
      expect(due > 0).toBe(ageMs >= afterMs)
      expect(reminderDue(ageMs + remindEveryMs, rules)).toBe(
        due > 0 ? due + 1 : ageMs + remindEveryMs >= afterMs ? 1 : 0,
      )
    }),
  )
})

test('what is silent for too long is told to those who may decide, each time once, until it is settled', async () => {
  const { attention, action, call } = await loseCall(desk, cancellation('silent'))
  expect(await remind(3_600_000, 3_600_000)).toEqual([])
  expect(await remind(0, 3_600_000)).toMatchObject([
    { tenant: 'acme', attention, action, tool: 'cancel_subscription', reason: 'unknown', reminder: 1 },
  ])
  expect(await remind(0, 3_600_000)).toEqual([])
  expect(await notices(attention)).toEqual(['asked', 'reminder'])
  const [later] = await remind(0, 1)
  expect(later?.reminder).toBeGreaterThan(1)
  expect(later?.recipients).toEqual(['person:bob'])
  await found(call, 'committed', null)
  expect(await remind(0, 1)).toEqual([])
  expect(await notices(attention)).toEqual(['asked', 'reminder', 'reminder', 'closed'])
  const { body } = await desk.call('GET', '/v1/attention?all=true', { token: desk.tokens.bob })
  expect(body).toMatchObject({ items: [], open: 0, oldest_seconds: null })
})

test('an order that nobody has followed yet is not closed: it ends with the right to give it', async () => {
  const { attention } = await loseCall(desk, cancellation('ordered'))
  const shown = (await desk.call('GET', `/v1/attention/${attention}`, { token: desk.tokens.bob })).body
  const body = { choice: 'attempt-again', reason: 'nothing there', state_digest: shown.state_digest }
  await desk.call('POST', `/v1/attention/${attention}/resolutions`, { token: desk.tokens.bob, body })
  expect(await remind(0, 1)).toEqual([])
  expect(await notices(attention)).toEqual(['asked'])
})

test('what nobody may decide is told at once, and shown so, until somebody may', async () => {
  const { attention } = await loseCall(desk, cancellation('orphan'))
  const member = { tenant: 'acme', group: 'finance', principal: 'person:bob', by: 'test' }
  const shown = async () =>
    (await desk.call('GET', `/v1/attention/${attention}`, { token: desk.tokens.bob })).body.deciders
  expect(await remind(3_600_000, 3_600_000)).toEqual([])
  await changeMembership(desk.plane, { ...member, state: 'removed' })
  try {
    const told = await remind(3_600_000, 3_600_000)
    expect(told.filter((each) => each.attention === attention)).toMatchObject([{ recipients: [] }])
    expect(await remind(3_600_000, 3_600_000)).toEqual([])
    expect(await shown()).toEqual([])
  } finally {
    await changeMembership(desk.plane, { ...member, state: 'member' })
  }
  expect(await shown()).toEqual(['person:bob'])
})
