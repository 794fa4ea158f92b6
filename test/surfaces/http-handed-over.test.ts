import pg from 'pg'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { attendToSilent } from '../../activities/silent-attention.js'
import { remindOfAttention } from '../../src/control-plane/attention/remind-of-attention.js'
import type { CallRef } from '../../src/ledger/queries/record-intent.js'
import { recordLook } from '../../src/ledger/queries/record-look.js'
import type { CallOutcome } from '../../src/ledger/queries/record-outcome.js'
import { aMinuteLater } from '../_util/attention-rows.js'
import { cancellation, type HttpDesk, openHttpDesk } from './http-desk.js'
import { handOver, loseCall } from './http-lost-calls.js'

let desk: HttpDesk
let owner: pg.Client
beforeAll(async () => {
  desk = await openHttpDesk()
  owner = new pg.Client({ connectionString: desk.database.ownerUrl })
  await owner.connect()
})
afterAll(async () => {
  await owner?.end()
  await desk.close()
})

const yes: CallOutcome = { effect: 'committed', output: { status: 'cancelled' }, error: null }
let count = 0
/** A call that was made and given to nobody yet. */
const called = (outcome?: CallOutcome) => {
  count += 1
  return loseCall(desk, cancellation(`handed${count}`), outcome, null)
}
const seen = (call: CallRef) =>
  recordLook(
    desk.database.executorPool,
    call,
    { found: 'committed', detail: null, claimed: null, observed: null, output: null },
    { tookMs: 0, settles: true },
  )
const rows = async <Row extends pg.QueryResultRow>(text: string, values: readonly unknown[] = []): Promise<Row[]> =>
  (await owner.query<Row>(text, [...values])).rows
const attentions = ({ action_id }: CallRef) =>
  rows<{ id: string; reason: string; notices: string[] }>(
    `select id, reason, array(select kind from notices n where n.about = t.id order by kind) as notices
     from attentions t where action_id = $1 order by ordinal`,
    [action_id],
  )
const stateOf = async (id: string) =>
  (await desk.call('GET', `/v1/attention/${id}`, { token: desk.tokens.bob })).body.state
const remind = () => remindOfAttention(desk.plane, ['acme'], () => undefined)

describe('a call that was answered with yes', () => {
  test('and at which nobody looks any more is handed over', async () => {
    const { call } = await called(yes)
    await attendToSilent(desk.plane, { tenant: 'acme', afterMs: 30_000 })
    expect(await attentions(call)).toEqual([])
    await aMinuteLater(desk.database.ownerUrl, call)
    await attendToSilent(desk.plane, { tenant: 'acme', afterMs: 30_000 })
    expect(await attentions(call)).toMatchObject([{ reason: 'unknown', notices: ['asked'] }])
  })

  test('is not settled before somebody has looked, nor closed for those who wait for it', async () => {
    const { call } = await called(yes)
    const { attention_id } = await handOver(desk, call, 'unknown')
    await remind()
    expect(await stateOf(attention_id)).toBe('open')
    expect((await attentions(call))[0]?.notices).not.toContain('closed')
    await seen(call)
    await remind()
    expect(await stateOf(attention_id)).toBe('settled')
    expect((await attentions(call))[0]?.notices).toContain('closed')
  })
})

test('nothing is open that nobody was told of: it is opened with its notice, or not at all', async () => {
  const { call } = await called()
  await rows(`alter table notices add constraint away check (kind <> 'asked') not valid`)
  await expect(handOver(desk, call, 'unknown')).rejects.toThrow(/"away"/)
  await rows('alter table notices drop constraint away')
  expect(await attentions(call)).toEqual([])
  await handOver(desk, call, 'unknown')
  expect(await attentions(call)).toMatchObject([{ reason: 'unknown', notices: ['asked'] }])
})
