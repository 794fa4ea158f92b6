import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { z } from 'zod'
import { defineTool } from '../../src/contract/define-tool.js'
import { publishContracts } from '../../src/control-plane/publish-contracts.js'
import type { ApprovalReport } from '../../src/domain/activities.js'
import { declare, smallestWrite } from '../_util/contracts.js'
import { drawn } from '../_util/drawn.js'
import { approvalOf, openRoom, type Room, requestId } from './room.js'

const owed = { cents: 0 }

const countOwed = defineTool({
  name: 'count_owed',
  version: 1,
  owner: 'person:ann',
  risk: 'low',
  effect: 'none',
  title: 'Count what is owed',
  description: 'Says how much is owed to one customer.',
  input: z.strictObject({ customer: z.string() }),
  output: z.strictObject({ cents: z.int() }),
  resource: { type: 'Customer', id: '/args/customer' },
  downstream: { class: 'read' },
  execute: async () => ({ cents: owed.cents }),
})
const payOut = declare(smallestWrite, {
  name: 'pay_out',
  approvers: ['finance'],
  input: z.strictObject({ customer: z.string(), amount_cents: z.int().positive().max(1_000) }),
  resource: { type: 'Customer', id: '/args/customer' },
  late: { amount_cents: { maximum: 100 } },
})

describe('a reference that comes to a value', () => {
  let room: Room
  let tools: ReturnType<Room['downstream']['tools']>
  beforeAll(async () => {
    room = await openRoom()
    tools = room.downstream.tools('ours', [countOwed, payOut])
    await publishContracts(room.http.database.executorPool, ['acme'], [countOwed, payOut])
  })
  afterAll(() => room?.close())

  const run = (action_id: string, step: 'count' | 'pay', round = 1) =>
    room.effect(step === 'count' ? 'count_owed' : 'pay_out', { action_id, step, round }, { tools })
  /** A plan that nobody has to approve, with its first step done. */
  const counted = async (cents: number) => {
    owed.cents = cents
    const request_id = requestId()
    const steps = [
      { id: 'count', tool: 'count_owed', args: { customer: 'cus_1' } },
      { id: 'pay', tool: 'pay_out', args: { customer: 'cus_1', amount_cents: { $from: 'count.cents' } } },
    ]
    const id = await room.ask({ plan: { steps }, context: { request_id, reason: `for ${request_id}` } })
    expect(await room.decide(id)).toBe('allow')
    expect(await run(id, 'count')).toBe('committed')
    return id
  }

  test('within its range is used unasked', async () => {
    const id = await counted(100)
    expect(await run(id, 'pay')).toBe('committed')
    expect(room.downstream.of(id)).toBe(1)
  })

  test('outside of its range is shown to people first, though the policy lets it run', async () => {
    const id = await counted(101)
    expect(await run(id, 'pay')).toBe('held')
    expect(await run(id, 'pay')).toBe('held')
    expect(room.downstream.of(id)).toBe(0)
    const asked = (await room.decide(id, 2)) as ApprovalReport
    expect(asked).toMatchObject({ state: 'waiting', requirements: { approvers: 1 } })
    const [row] = await room.intruders.owner<{ rendering: string }>(
      'select rendering from envelopes where action_id = $1',
      [id],
    )
    expect(drawn(row?.rendering ?? '')).toContain('pay amount_cents: {"$from":"count.cents"} -> 101')
    expect(await run(id, 'pay', 2)).toBe('later')
    await room.vote('bob', approvalOf(asked))
    await room.decide(id, 2)
    expect(await run(id, 'pay', 2)).toBe('committed')
    expect(room.downstream.books.filter(({ action }) => action === id)).toMatchObject([{ args: { amount_cents: 101 } }])
  })

  test.each([1_001, 0, -1])('that the contract never takes, %d, is denied: nobody can approve it', async (cents) => {
    const id = await counted(cents)
    expect(await run(id, 'pay')).toBe('denied')
    const decisions = await room.intruders.owner<{ explanation: string }>(
      "select explanation from decisions where action_id = $1 and step = 'pay' and stage = 'intent'",
      [id],
    )
    expect(decisions[0]?.explanation).toMatch(/^EXQ-1102 /)
    expect(room.downstream.of(id)).toBe(0)
  })
})
