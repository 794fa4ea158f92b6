import type { Attack } from './attack.js'
import { interpose } from './interpose.js'
import { approvalOf, erasure, type Held, type Room, refund } from './room.js'

/** Statements in whose favour an attacker would like the facts to be old. */
const gaps = { intent: /insert into intents/, attempt: /insert into attempts/ }

type Change = (
  room: Room,
  held: { readonly id: string; readonly token: string; readonly agent: string },
) => Promise<unknown>

/** The next revision of a row that authority rests on, as the server's role can write it. */
const next = (room: Room, table: string, where: string, changes: object, values: readonly unknown[] = []) =>
  room.intruders.owner(
    `insert into ${table} select (jsonb_populate_record(t, $${values.length + 1}::jsonb || jsonb_build_object('revision', t.revision + 1))).*
     from ${table} t where tenant = 'acme' and ${where} order by revision desc limit 1`,
    [...values, JSON.stringify(changes)],
  )

/** What is taken back, and how it is given again afterwards. */
const changes: Record<string, { readonly rows: string; readonly take: Change; readonly give?: Change }> = {
  'the agent is revoked': {
    rows: 'A7',
    take: (room, { agent }) => next(room, 'principals', 'principal = $1', { state: 'revoked' }, [agent]),
  },
  'the agent is stopped': { rows: 'A7', take: (room, { agent }) => stop(room, agent) },
  'its owner is revoked': {
    rows: 'A7',
    take: (room) => next(room, 'principals', "principal = 'person:ann'", { state: 'revoked' }),
    give: (room) => next(room, 'principals', "principal = 'person:ann'", { state: 'live' }),
  },
  'the tool is stopped': {
    rows: 'A7',
    take: (room) => stop(room, 'tool:cancel_subscription'),
    give: (room) => stop(room, 'tool:cancel_subscription', 'resumed'),
  },
  'the contract is withdrawn': {
    rows: 'A6',
    take: (room) => next(room, 'contracts', "tool = 'cancel_subscription'", { status: 'withdrawn' }),
    give: (room) => next(room, 'contracts', "tool = 'cancel_subscription'", { status: 'live' }),
  },
  'the policy forbids it': {
    rows: 'A5',
    take: (room, { agent }) => room.forbid(`forbid (principal == ${agentOf(agent)}, action, resource);`),
  },
  'the request is cancelled': {
    rows: 'A7',
    take: (room, { id, token }) => room.http.call('POST', `/v1/actions/${id}/cancel`, { token, body: {} }),
  },
}

/** What voids a vote, but nothing else. */
const voids: typeof changes = {
  'the approver is revoked': {
    rows: 'A7',
    take: (room) => next(room, 'principals', "principal = 'person:voter'", { state: 'revoked' }),
    give: (room) => next(room, 'principals', "principal = 'person:voter'", { state: 'live' }),
  },
  'the approver leaves the group': {
    rows: 'C6',
    take: (room) => next(room, 'groups', "member = 'person:voter'", { state: 'removed' }),
    give: (room) => next(room, 'groups', "member = 'person:voter'", { state: 'member' }),
  },
  'the policy is another one that asks too': {
    rows: 'A5',
    take: (room) => {
      others += 1
      return room.forbid(`forbid (principal == Agent::"somebody-else-${others}", action, resource);`)
    },
  },
}

let others = 0
const agentOf = (principal: string) => `Agent::"${principal.replace('agent:', '')}"`

let agents = 0

async function subject(room: Room): Promise<{ token: string; agent: string }> {
  agents += 1
  return { token: await room.agent(`short-lived-${agents}`, 'person:ann'), agent: `agent:short-lived-${agents}` }
}

let voter: Promise<string> | undefined
const voterOf = (room: Room) => {
  voter ??= room.person('voter', ['finance'])
  return voter
}

async function stop(room: Room, scope: string, state = 'stopped'): Promise<void> {
  await room.intruders.owner(
    `insert into stops (tenant, scope, revision, state, reason, recorded_by)
     select 'acme', $1, coalesce(max(revision), 0) + 1, $2, 'an attack', 'person:ann' from stops where tenant = 'acme' and scope = $1`,
    [scope, state],
  )
}

async function approved(room: Room, token?: string): Promise<Held> {
  const held = await room.hold(undefined, token)
  await room.vote(await voterOf(room), held.approval)
  return held
}

export const movedFacts: readonly Attack<Room>[] = [
  ...Object.entries({ ...changes, ...voids }).map(
    ([what, { rows, take, give }]): Attack<Room> => ({
      rows: [rows],
      name: `${what}, between the vote and the intent`,
      carryOut: async (room, tally) => {
        const who = await subject(room)
        const before = await approved(room, who.token)
        const during = await approved(room, who.token)
        const about = (held: Held) => ({ ...who, id: held.id })
        const pool = interpose(room.http.database.executorPool, gaps.intent, () => take(room, about(during)))
        await room.press(during.id, { pool })
        tally.attempt('in the last moment', room.downstream.of(during.id) > 0)
        await give?.(room, about(during))
        await take(room, about(before))
        await room.press(before.id)
        tally.attempt('well before', room.downstream.of(before.id) > 0)
        await give?.(room, about(before))
        const after = await approved(room)
        await room.goOn(after.id)
        tally.control('as nothing is taken back', room.downstream.of(after.id) === 1)
      },
    }),
  ),
  ...Object.entries(changes)
    .filter(([what]) => !['the policy forbids it', 'the tool is stopped', 'the contract is withdrawn'].includes(what))
    .map(
      ([what, { rows, take, give }]): Attack<Room> => ({
        rows: [rows],
        name: `${what}, between the intent and a further attempt`,
        carryOut: async (room, tally) => {
          const who = await subject(room)
          for (const when of ['well before', 'in the last moment']) {
            const id = await room.ask(refund(), who.token)
            const take_ = () => take(room, { ...who, id })
            room.downstream.faults.push('loses the call')
            await room.effect('get_invoice', { action_id: id, phase: 'observe' })
            await room.decide(id)
            await room.effect('refund_invoice', { action_id: id })
            if (room.downstream.of(id) > 0) throw new Error('the first attempt went through')
            const pool = interpose(room.http.database.executorPool, gaps.attempt, take_)
            if (when === 'well before') await take_()
            await room.effect('refund_invoice', { action_id: id }, when === 'well before' ? {} : { pool })
            await room.effect('refund_invoice', { action_id: id })
            tally.attempt(when, room.downstream.of(id) > 0)
            await give?.(room, { ...who, id })
            if (what === 'the agent is revoked' || what === 'the agent is stopped')
              Object.assign(who, await subject(room))
          }
          const id = await room.ask(refund(), who.token)
          room.downstream.faults.splice(0, Number.POSITIVE_INFINITY, 'loses the call')
          await room.goOn(id)
          await room.goOn(id)
          room.downstream.faults.length = 0
          tally.control('tried again with nothing taken back', room.downstream.of(id) === 1)
        },
      }),
    ),
  {
    rows: ['A7', 'C5'],
    name: 'the key that signed a vote is revoked, between the vote and the intent',
    carryOut: async (room, tally) => {
      for (const [name, group] of [
        ['kim', 'privacy'],
        ['kai', 'security'],
      ] as const)
        await room.person(name, [group])
      const signed = async (): Promise<Held> => {
        const id = await room.ask(erasure())
        const held = { id, approval: approvalOf(await room.decide(id)) }
        for (const name of ['kim', 'kai']) await room.sign(name, held.approval)
        return held
      }
      const revoke = async () => {
        const old = await room.renewKey('kai')
        await next(room, 'keys', `key_id = '${old}'`, { state: 'revoked' })
      }
      const during = await signed()
      await room.press(during.id, { pool: interpose(room.http.database.executorPool, gaps.intent, revoke) })
      tally.attempt('in the last moment', room.downstream.of(during.id) > 0)
      const before = await signed()
      await revoke()
      await room.press(before.id)
      tally.attempt('well before', room.downstream.of(before.id) > 0)
      const after = await signed()
      await room.goOn(after.id)
      tally.control('with a new key', room.downstream.of(after.id) === 1)
    },
  },
  {
    rows: ['A6'],
    name: 'the executor has other code under the name and version that was approved',
    carryOut: async (room, tally) => {
      const held = await approved(room)
      const pulled = [...room.downstream.tools('the rug').values()].map((tool) => ({
        ...tool,
        digest: `sha256:${'0'.repeat(64)}${tool.contract.name}`,
      }))
      const tools = new Map(pulled.map((tool) => [tool.digest, tool]))
      await room.press(held.id, { tools })
      tally.attempt('the tool was exchanged', room.downstream.of(held.id) > 0)
      await room.press(held.id)
      tally.control('the pinned contract is back', room.downstream.of(held.id) === 1)
    },
  },
  {
    rows: ['A3'],
    name: 'sixty-four consumers use one approval at once',
    carryOut: async (room, tally) => {
      // A machine that is busy with something else may let the deadline of the one call pass.
      for (let tries = 0; tries < 3 && tally.controls === 0; tries += 1) {
        const held = await approved(room)
        room.downstream.onCall = () => new Promise((done) => setTimeout(done, 200))
        const runs = Array.from({ length: 64 }, () => room.effect('cancel_subscription', { action_id: held.id }))
        // It may let some wait too long for a connection, too: those would come again.
        for (const run of await Promise.allSettled(runs))
          if (run.status === 'rejected' && !String(run.reason).includes('timeout exceeded')) throw run.reason
        room.downstream.onCall = undefined
        const done = room.downstream.of(held.id)
        for (const [index] of runs.entries()) tally.attempt('one consumer more', index > 0 && index < done)
        if (done >= 1) tally.control('one consumer', true)
      }
    },
  },
]
