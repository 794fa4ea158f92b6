import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { z } from 'zod'
import { publishContracts } from '../../src/control-plane/publish-contracts.js'
import type { Choice } from '../../src/domain/attention.js'
import { haltAction } from '../../src/ledger/queries/halt-action.js'
import { aMinuteLater } from '../_util/attention-rows.js'
import { declare, smallestWrite } from '../_util/contracts.js'
import { approvalOf } from '../attacks/room.js'
import { bringToAnEnd, type LimitedRoom, openLimitedRoom, pay, payingPolicies, reservationsOf } from './limited-room.js'

let room: LimitedRoom
const told: { facts: object; message: string }[] = []
beforeAll(async () => {
  room = await openLimitedRoom(
    [
      { name: 'day', per: ['owner'], of: 'spend_cents', limit: 1_000, window: '24h' },
      { name: 'tries', per: ['agent', 'target'], of: 'calls', limit: 5, window: '1h', tools: ['cancel_subscription'] },
    ],
    `${payingPolicies}
@id("asks") @require("finance:1") forbid (principal is Agent, action == Action::"cancel_subscription", resource)
unless { context.approvals.finance >= 1 };`,
    (facts, message) => told.push({ facts, message }),
  )
})
afterAll(() => room.close())

let owners = 0
/** An agent of an owner that nobody else has, and so with the whole budget. */
async function freshAgent(): Promise<string> {
  owners += 1
  await room.person(`o${owners}`, [])
  return room.agent(`a${owners}`, `person:o${owners}`)
}
const asked = (amount: number, token: string) => room.ask(pay(amount), token)
const paid = async (amount: number, token: string) => {
  const id = await asked(amount, token)
  return { id, state: await bringToAnEnd(room, id) }
}
const explanation = async (id: string) => {
  const [row] = await room.intruders.owner<{ explanation: string }>(
    `select explanation from decisions where action_id = $1 and result = 'deny' order by decided_at desc limit 1`,
    [id],
  )
  return row?.explanation ?? ''
}

interface Decision {
  readonly phase?: 'execute' | 'compensate'
  readonly choice: Choice
  readonly revision?: number
  readonly evidence?: string | null
}
/** Asks people about the first call of a phase, unless they are asked, and writes down what they decide; nobody signs it. */
async function decide(id: string, decision: Decision): Promise<void> {
  const { phase = 'execute', choice, revision = 1, evidence = 'seen' } = decision
  await room.intruders.owner(
    `insert into attentions (tenant, id, action_id, step, phase, generation, ordinal, reason, known)
     values ('acme', $2, $1, 'step1', $3, 0, 1, $4, '{}') on conflict do nothing`,
    [id, `att_${id}`, phase, phase === 'execute' ? 'unknown' : 'not-undone'],
  )
  await room.intruders.owner(
    `insert into resolutions (tenant, attention_id, revision, action_id, step, phase, generation, facts, choice, reason, evidence,
       state_digest, decided_by, account, method, self_decided, statement, key_id, signature)
     values ('acme', $2, $4, $1, 'step1', $5, 0, facts_of('acme', $1, 'step1', $5), $3, 'seen', $6,
       'd', 'person:bob', 'a', 'server', false, '{}', 'k', 's')`,
    [id, `att_${id}`, choice, revision, phase, evidence],
  )
}

describe('a reservation', () => {
  test('is posted once the effect is known, and the limit is reached to the cent', async () => {
    const token = await freshAgent()
    const first = await paid(999, token)
    expect(first.state).toBe('committed')
    expect(await reservationsOf(room, first.id)).toEqual([
      { step: 'step1', state: 'posted', writes: 1, spend_cents: 999 },
    ])
    expect((await paid(2, token)).state).toBe('denied')
    expect((await paid(1, token)).state).toBe('committed')
    const over = await paid(1, token)
    expect(over.state).toBe('denied')
    expect(await explanation(over.id)).toMatch(
      /^EXQ-1121 The budget day \(owner person:o\d+\) allows 1000 spend_cents in 24h; 1000 are used, 1 more were asked for\. Room for it comes back at \d{4}-/,
    )
    expect(await explanation((await paid(1_001, token)).id)).toContain('That is more than it ever allows.')
  })

  test('is kept while nobody knows, however often it is tried, and given back by a definite no', async () => {
    const token = await freshAgent()
    room.downstream.faults.push(...Array.from({ length: 4 }, () => 'loses the call' as const))
    const lost = await asked(900, token)
    for (let tries = 0; tries < 4; tries += 1) expect(await room.goOn(lost)).not.toBe('committed')
    expect(await reservationsOf(room, lost)).toMatchObject([{ state: 'open' }])
    const denied = await paid(200, token)
    expect(denied.state).toBe('denied')
    expect(await explanation(denied.id)).toContain('Nobody knows when room comes back.')
    // Long enough ago that its absence means something.
    for (const [table, column] of [
      ['attempts', 'attempted_at'],
      ['outcomes', 'recorded_at'],
    ]) {
      await room.intruders.owner(`alter table ${table} disable trigger append_only`)
      await room.intruders.owner(`update ${table} set ${column} = ${column} - interval '1 hour' where action_id = $1`, [
        lost,
      ])
      await room.intruders.owner(`alter table ${table} enable trigger append_only`)
    }
    expect(await room.effect('refund_invoice/verify', { action_id: lost })).toBe('not-committed')
    expect(await reservationsOf(room, lost)).toMatchObject([{ state: 'released' }])
    expect((await paid(1_000, token)).state).toBe('committed')
  })

  test('whose undo is confirmed gives the money back, and neither the call nor the write', async () => {
    const token = await freshAgent()
    const { id } = await paid(800, token)
    expect((await paid(300, token)).state).toBe('denied')
    await haltAction(room.http.plane.pool, { tenant: 'acme', action_id: id }, 'failed')
    expect(await room.effect('refund_invoice/compensate', { action_id: id, phase: 'compensate' })).toBe('committed')
    // That it was undone is said so far, and not seen.
    expect(await reservationsOf(room, id)).toMatchObject([{ state: 'posted' }])
    expect((await paid(300, token)).state).toBe('denied')
    await room.intruders.owner(
      `insert into verifications (tenant, action_id, step, phase, generation, found, began_at)
       values ('acme', $1, 'step1', 'compensate', 0, 'committed', now())`,
      [id],
    )
    expect(await reservationsOf(room, id)).toMatchObject([{ state: 'undone', writes: 1 }])
    expect((await paid(1_000, token)).state).toBe('committed')
  })

  test('is settled by what people decide, until more is seen', async () => {
    const token = await freshAgent()
    const decided = async (id: string, choice: 'happened' | 'did-not-happen', revision: number) => {
      await decide(id, { choice, revision })
      return (await reservationsOf(room, id))[0]?.state
    }
    room.downstream.faults.push(...Array.from({ length: 4 }, () => 'loses the answer' as const))
    const lost = await asked(900, token)
    for (let tries = 0; tries < 4; tries += 1) await room.goOn(lost)
    expect(await reservationsOf(room, lost)).toMatchObject([{ state: 'open' }])
    // Nobody can know yet, whoever writes it down.
    expect(await decided(lost, 'did-not-happen', 1)).toBe('open')
    await aMinuteLater(room.http.database.ownerUrl, { tenant: 'acme', action_id: lost })
    expect(await decided(lost, 'did-not-happen', 1)).toBe('released')
    expect(await decided(lost, 'happened', 2)).toBe('posted')
    expect(await decided(lost, 'did-not-happen', 3)).toBe('released')
    await room.intruders.owner(
      `insert into late_results (tenant, action_id, step, phase, generation, attempt, effect) values ('acme', $1, 'step1', 'execute', 0, 1, 'committed')`,
      [lost],
    )
    expect(await reservationsOf(room, lost)).toMatchObject([{ state: 'posted' }])
    expect((await paid(200, token)).state).toBe('denied')
  })

  test('is settled for good by who decides that a call is to be undone, and by an order that leaves it behind', async () => {
    const lostAndDecided = async (choice: 'compensate' | 'attempt-again') => {
      const token = await freshAgent()
      // An answer in between, or the downstream is left alone for a while.
      await paid(1, token)
      room.downstream.faults.push('loses the answer')
      const id = await asked(900, token)
      await room.goOn(id)
      expect(await reservationsOf(room, id)).toMatchObject([{ state: 'open' }])
      await decide(id, { choice, evidence: null })
      return id
    }
    expect(await reservationsOf(room, await lostAndDecided('compensate'))).toMatchObject([{ state: 'posted' }])
    const left = await lostAndDecided('attempt-again')
    // Whether it will be followed nobody knows yet.
    expect(await reservationsOf(room, left)).toMatchObject([{ state: 'open' }])
    await aMinuteLater(room.http.database.ownerUrl, { tenant: 'acme', action_id: left })
    await room.intruders.owner(
      `insert into intents select (jsonb_populate_record(i, '{"generation": 1}')).* from intents i
       where action_id = $1 and phase = 'execute'`,
      [left],
    )
    expect(await reservationsOf(room, left)).toMatchObject([{ state: 'posted' }, { state: 'open' }])
    // Both come to light, and one undo is seen: it took back the newest.
    await room.intruders.owner(
      `insert into late_results (tenant, action_id, step, phase, generation, attempt, effect) values ('acme', $1, 'step1', 'execute', 0, 1, 'committed')`,
      [left],
    )
    await haltAction(room.http.plane.pool, { tenant: 'acme', action_id: left }, 'failed')
    await room.intruders.owner(
      `insert into intents select (jsonb_populate_record(i, '{"phase": "compensate", "writes": null}')).* from intents i
       where action_id = $1 and generation = 0`,
      [left],
    )
    for (const [phase, generation] of [
      ['execute', 1],
      ['compensate', 0],
    ])
      await room.intruders.owner(
        `insert into verifications (tenant, action_id, step, phase, generation, found, began_at)
         values ('acme', $1, 'step1', $2, $3, 'committed', now())`,
        [left, phase, generation],
      )
    expect(await reservationsOf(room, left)).toMatchObject([{ state: 'posted' }, { state: 'undone' }])
  })

  test('is given back by who undid it by hand before any undo was begun', async () => {
    const { id } = await paid(700, await freshAgent())
    await haltAction(room.http.plane.pool, { tenant: 'acme', action_id: id }, 'failed')
    expect(await reservationsOf(room, id)).toMatchObject([{ state: 'posted' }])
    await decide(id, { phase: 'compensate', choice: 'happened' })
    expect(await reservationsOf(room, id)).toMatchObject([{ state: 'undone', spend_cents: 700 }])
  })

  test('is what it would be if it were made anew from the rows, whatever it came to', async () => {
    const all = () =>
      room.intruders.owner(
        `select action_id, step, generation, owner, agent, tool, target, writes, spend_cents, currency, state, settled_at::text
         from reservations order by action_id, step, generation`,
      )
    const token = await freshAgent()
    // An answer in between, or the downstream is left alone for a while.
    await paid(1, token)
    room.downstream.faults.push('loses the call')
    await room.goOn(await asked(1, token))
    const before = await all()
    expect(new Set(before.map(({ state }) => state))).toEqual(new Set(['open', 'posted', 'released', 'undone']))
    await room.intruders.owner(`select rebuild_reservations('acme')`)
    expect(await all()).toEqual(before)
  })
})

describe('a budget', () => {
  test('that comes to 80 % is an event, once; and so is each call that finds no room, with what hit it', async () => {
    const token = await freshAgent()
    told.length = 0
    const agent = `agent:a${owners}`
    const amounts = [700, 100, 100, 200]
    const ids: string[] = []
    for (const amount of amounts) ids.push((await paid(amount, token)).id)
    const events = await room.intruders.owner<{ kind: string; action_id: string }>(
      'select kind, action_id, budget, used::int, amount::int, most::int, tool, scope from budget_events where agent = $1 order by happened_at',
      [agent],
    )
    const scope = [['owner', `person:o${owners}`]]
    const common = { budget: 'day', most: 1_000, tool: 'refund_invoice', scope }
    expect(events).toEqual([
      { ...common, kind: 'near', action_id: ids[1], used: 700, amount: 100 },
      { ...common, kind: 'reached', action_id: ids[3], used: 900, amount: 200 },
    ])
    expect(told.map(({ message }) => message)).toEqual(['a budget is used to 80 % or more', 'a budget is used up'])
    expect(told[1]?.facts).toMatchObject({ action_id: ids[3], agent, amount: 200, used: 900, most: 1_000 })
  })

  test('counts calls per combination, and people are not asked about what has no room', async () => {
    const token = await freshAgent()
    const cancel = (subscription_id: string) => {
      const { context } = pay(1)
      return room.ask({ tool: 'cancel_subscription', args: { subscription_id }, context }, token)
    }
    for (let done = 0; done < 5; done += 1) {
      const id = await cancel('sub_1')
      expect(await room.vote('bob', approvalOf(await room.decide(id)))).toBe(200)
      expect(await room.effect('cancel_subscription', { action_id: id })).toBe('committed')
    }
    expect(await room.decide(await cancel('sub_1'))).toBe('deny')
    expect(await room.decide(await cancel('sub_2'))).toMatchObject({ state: 'waiting' })
  })

  test('is not to be had by an amount that nobody knows', async () => {
    const input = z.strictObject({ thing: z.string(), amount_cents: z.int().optional() })
    const gift = declare(smallestWrite, {
      name: 'gift',
      input,
      spend: { amount_cents: '/args/amount_cents', currency: 'usd' },
    })
    await publishContracts(room.http.database.executorPool, ['acme'], [gift])
    const token = await freshAgent()
    const give = (args: object) =>
      room.ask({ tool: 'gift', args: { thing: 't', ...args }, context: pay(1).context }, token)
    expect(await room.decide(await give({ amount_cents: 1_000 }))).toBe('allow')
    const unpriced = await give({})
    expect(await room.decide(unpriced)).toBe('deny')
    expect(await explanation(unpriced)).toContain('EXQ-1123')
  })
})

test('the bounds of a plan hold in the ledger, whoever writes the intent', async () => {
  const token = await freshAgent()
  const { tool, args, context } = pay(100)
  const bounds = { spend_cents: 250, writes: 2, calls: 3 }
  const id = await room.ask(
    {
      plan: {
        steps: [
          { tool, args },
          { tool, args },
        ],
        bounds,
      },
      context,
    },
    token,
  )
  await room.effect('get_invoice', { action_id: id, phase: 'observe' })
  const write = (step: string, generation: number, spend: number) =>
    room.intruders.owner(
      `insert into intents (tenant, action_id, step, phase, generation, round, principal, tool, contract_digest, args, args_digest,
         idempotency_key, policy_ids, policy_digest, authority_revision, action_revision, agent, owner, target, writes, spend_cents, currency)
       values ('acme', $1, $2, 'execute', $3, 1, 'agent:a', 'refund_invoice', 'd', '{}', 'd', $2 || $3::int, '{}', 'd', 1, 1, 'agent:a', 'person:o', 'Invoice in_1', true, $4, 'usd')
       returning step`,
      [id, step, generation, spend],
    )
  expect(await write('step1', 0, 251)).toEqual([])
  expect(await write('step1', 0, 100)).toHaveLength(1)
  expect(await write('step2', 0, 151)).toEqual([])
  expect(await write('step2', 0, 150)).toHaveLength(1)
  expect(await write('step2', 1, 0)).toEqual([])
})
