import type { Attack } from './attack.js'
import { approvalOf, erasure, type Held, type Room, refund } from './room.js'

/** Votes on everything that is open for the action, in whatever round, and lets the workflow look. */
async function voteAndPress(room: Room, held: Held, tokens: readonly string[]): Promise<number> {
  for (const token of tokens) await room.vote(token, held.approval)
  await room.press(held.id)
  return room.downstream.of(held.id)
}

async function heldErasure(room: Room): Promise<Held> {
  const id = await room.ask(erasure())
  return { id, approval: approvalOf(await room.decide(id)) }
}

/** A refund that finance and privacy both have to agree to. */
async function heldRefund(room: Room): Promise<Held> {
  const id = await room.ask(refund(20_000))
  await room.effect('get_invoice', { action_id: id, phase: 'observe' })
  return { id, approval: approvalOf(await room.decide(id)) }
}

export const wrongPeople: readonly Attack<Room>[] = [
  {
    rows: ['A8', 'C13'],
    name: 'the owner of an agent approves what it asks for',
    carryOut: async (room, tally) => {
      const held = await room.hold()
      tally.attempt('the owner votes', (await voteAndPress(room, held, [room.http.tokens.ann])) > 0)
      const own = await room.agent('of-bob', 'person:bob')
      const second = await room.hold(undefined, own)
      tally.attempt('the owner of another agent', (await voteAndPress(room, second, [room.http.tokens.bob])) > 0)
      const third = await room.hold(undefined, own)
      tally.control('somebody else of finance', (await voteAndPress(room, third, [room.http.tokens.ann])) === 1)
    },
  },
  {
    rows: ['A8', 'A7'],
    name: 'somebody votes, then becomes the owner of the agent: the vote is not kept',
    carryOut: async (room, tally) => {
      const token = await room.agent('passed-on', 'person:ann')
      const held = await room.hold(undefined, token)
      await room.vote('bob', held.approval)
      await room.intruders.server(
        `insert into principals select (jsonb_populate_record(p, jsonb_build_object('revision', p.revision + 1, 'owner', 'person:bob'))).*
         from principals p where principal = 'agent:passed-on' order by revision desc limit 1`,
      )
      await room.press(held.id)
      tally.attempt('the present owner voted before', room.downstream.of(held.id) > 0)
      const next = await room.hold(undefined, token)
      tally.control('the former owner votes', (await voteAndPress(room, next, [room.http.tokens.ann])) === 1)
    },
  },
  {
    rows: ['A9'],
    name: 'an agent approves, its own request or that of another',
    carryOut: async (room, tally) => {
      const held = await room.hold()
      const other = await room.agent('approver-bot', 'person:eve')
      await room.intruders.server(
        `insert into groups (tenant, name, member, revision, state, recorded_by) values ('acme', 'finance', 'agent:approver-bot', 1, 'member', 'intruder')`,
      )
      for (const token of [room.http.tokens.desk, other])
        tally.attempt('an agent votes', (await voteAndPress(room, held, [token])) > 0)
      tally.control('a person', (await voteAndPress(room, await room.hold(), [room.http.tokens.bob])) === 1)
    },
  },
  {
    rows: ['C13'],
    name: 'one person in two groups fills both slots of a quorum',
    carryOut: async (room, tally) => {
      const pat = await room.person('pat', ['finance', 'privacy', 'security'])
      tally.attempt('two named groups', (await voteAndPress(room, await heldRefund(room), [pat])) > 0)
      tally.attempt('two approvers of two groups', (await voteAndPress(room, await heldErasure(room), [pat])) > 0)
      const { eve } = room.http.tokens
      tally.control('two people', (await voteAndPress(room, await heldRefund(room), [pat, eve])) === 1)
    },
  },
  {
    rows: ['A8', 'C13'],
    name: 'one person votes from two accounts where two people are needed',
    carryOut: async (room, tally) => {
      const first = await room.person('quinn', ['finance', 'privacy'])
      const second = await room.again('person:quinn')
      const held = await heldRefund(room)
      tally.attempt('one after the other', (await voteAndPress(room, held, [first, second])) > 0)
      const other = await heldRefund(room)
      await Promise.all([room.vote(first, other.approval), room.vote(second, other.approval)])
      await room.press(other.id)
      tally.attempt('both at once', room.downstream.of(other.id) > 0)
      const { eve } = room.http.tokens
      tally.control('two people', (await voteAndPress(room, await heldRefund(room), [second, eve])) === 1)
    },
  },
  {
    rows: ['C5', 'C10'],
    name: 'stolen tokens approve something critical, without the keys of their owners',
    carryOut: async (room, tally) => {
      const sue = await room.person('sue', ['security'])
      await room.person('pia', ['privacy'])
      const { eve } = room.http.tokens
      tally.attempt('two tokens', (await voteAndPress(room, await heldErasure(room), [eve, sue])) > 0)
      const half = await heldErasure(room)
      await room.sign('pia', half.approval)
      tally.attempt('a key and a token', (await voteAndPress(room, half, [sue])) > 0)
      const held = await heldErasure(room)
      for (const name of ['pia', 'sue']) await room.sign(name, held.approval)
      await room.goOn(held.id)
      tally.control('two people with their keys', room.downstream.of(held.id) === 1)
    },
  },
  {
    rows: ['C4', 'C3'],
    name: 'a vote that was withdrawn is used, and one that came before a rejection',
    carryOut: async (room, tally) => {
      const held = await room.hold()
      await room.vote('bob', held.approval)
      await room.vote('bob', held.approval, 'withdraw')
      await room.press(held.id)
      tally.attempt('a withdrawn vote', room.downstream.of(held.id) > 0)
      const again = await room.hold()
      for (const vote of ['approve', 'withdraw', 'approve', 'reject', 'approve'])
        await room.vote('bob', again.approval, vote)
      await room.press(again.id)
      tally.attempt('an approval around a rejection', room.downstream.of(again.id) > 0)
      const last = await room.hold()
      for (const vote of ['approve', 'withdraw', 'approve']) await room.vote('bob', last.approval, vote)
      await room.goOn(last.id)
      tally.control('approved again after a withdrawal', room.downstream.of(last.id) === 1)
    },
  },
  {
    rows: ['C3', 'C2'],
    name: 'one person votes fifty times at once where two people are needed',
    carryOut: async (room, tally) => {
      const held = await heldRefund(room)
      const { bob, eve } = room.http.tokens
      const answers = await Promise.all(Array.from({ length: 50 }, () => room.vote(eve, held.approval)))
      await room.press(held.id)
      for (const _ of answers) tally.attempt('a repeated vote', room.downstream.of(held.id) > 0)
      const counted = await room.intruders.server<{ people: number }>(
        'select count(*)::int as people from votes where approval_id = $1',
        [held.approval.id],
      )
      tally.attempt('votes kept', (counted[0]?.people ?? 0) > 1)
      tally.control('two people', (await voteAndPress(room, await heldRefund(room), [eve, bob])) === 1)
    },
  },
  {
    rows: ['C6', 'A9'],
    name: 'somebody who is asked by no group votes, or somebody of another tenant',
    carryOut: async (room, tally) => {
      const held = await room.hold()
      const stranger = await room.person('stranger', [])
      for (const token of [room.http.tokens.eve, room.http.tokens.zoe, stranger, 'exq_acme_forged'])
        tally.attempt('a vote of somebody who is not asked', (await voteAndPress(room, held, [token])) > 0)
      tally.control('finance', (await voteAndPress(room, await room.hold(), [room.http.tokens.bob])) === 1)
    },
  },
  {
    rows: ['C9', 'D20'],
    name: 'a vote counts after its time, on a worker whose clock is hours behind',
    carryOut: async (room, tally) => {
      const clocks = [0, -2, 2]
      const open = await Promise.all(
        clocks.map(async () => ({ late: await room.hold(1_500), early: await room.hold(1_500) })),
      )
      for (const { early } of open) await room.vote('bob', early.approval)
      await new Promise((done) => setTimeout(done, 1_700))
      for (const [index, hours] of clocks.entries()) {
        const { late, early } = open[index] as (typeof open)[number]
        await withClock(hours, async () => {
          const answer = await room.vote('bob', late.approval)
          tally.attempt(`a vote after the time, clock ${hours} h`, answer === 200)
          for (const { id } of [late, early]) {
            await room.press(id)
            tally.attempt(`an effect after the time, clock ${hours} h`, room.downstream.of(id) > 0)
          }
        })
      }
      const inTime = await room.hold()
      await withClock(2, () => voteAndPress(room, inTime, [room.http.tokens.bob]))
      tally.control('a vote in time, on a worker whose clock is ahead', room.downstream.of(inTime.id) === 1)
    },
  },
  {
    rows: ['C4'],
    name: 'an approval outruns a rejection that is already there',
    carryOut: async (room, tally) => {
      const bert = await room.person('bert', ['finance'])
      const held = await room.hold()
      await room.vote('bob', held.approval)
      await room.vote(bert, held.approval, 'reject')
      await room.press(held.id)
      tally.attempt('rejected after an approval', room.downstream.of(held.id) > 0)
      const second: Held = await room.hold()
      await Promise.all([room.vote(bert, second.approval, 'reject'), room.vote('bob', second.approval)])
      await room.press(second.id)
      tally.attempt('both at once', room.downstream.of(second.id) > 0)
      tally.control('both approve', (await voteAndPress(room, await room.hold(), [room.http.tokens.bob, bert])) === 1)
    },
  },
]

/** Runs with the clock of this process off by so many hours. */
async function withClock<Answer>(hours: number, work: () => Promise<Answer>): Promise<Answer> {
  const real = Date.now
  const realDate = globalThis.Date
  const off = hours * 3_600_000
  Date.now = () => real.call(realDate) + off
  try {
    return await work()
  } finally {
    Date.now = real
  }
}
