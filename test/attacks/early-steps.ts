import { MockActivityEnvironment } from '@temporalio/testing'
import { createDecisionActivities } from '../../activities/index.js'
import type { AttentionReport } from '../../src/domain/activities.js'
import type { Attack } from './attack.js'
import { cancellation, type Room, requestId } from './room.js'

const twoRefunds = () => {
  const args = { invoice_id: 'in_1', reason_code: 'goodwill', amount_cents: 100 }
  const steps = ['one', 'two'].map((id) => ({ id, tool: 'refund_invoice', args }))
  const request_id = requestId()
  return { plan: { steps }, context: { request_id, reason: `for ${request_id}`, ticket_id: 'zd_1' } }
}

/** Asks for two refunds, of which the first is made. */
async function firstMade(room: Room): Promise<string> {
  const action_id = await room.ask(twoRefunds())
  for (const step of ['one', 'two']) await room.effect('get_invoice', { action_id, step, phase: 'observe' })
  await room.decide(action_id)
  const state = await room.effect('refund_invoice', { action_id, step: 'one' })
  if (state !== 'committed') throw new Error(`the first step is ${state}`)
  return action_id
}

/** The tools, but what they are asked to verify is not there. */
function withoutEffects(room: Room) {
  return new Map(
    [...room.downstream.tools()].map(([digest, tool]) => [
      digest,
      { ...tool, verify: tool.verify && (async () => 'not-committed' as const) },
    ]),
  )
}

/** Asks people about the first step, and says in the name of bob that it happened after all. */
async function settledByBob(room: Room, action_id: string): Promise<void> {
  const { plane, call, tokens } = room.http
  const { openAttention } = createDecisionActivities({ ...plane, approvalTtlMs: 60_000 })
  const ref = { tenant: 'acme', action_id, round: 1, step: 'one', phase: 'execute', reason: 'diverged' } as const
  const open = () => openAttention(ref)
  const { attention_id } = await new MockActivityEnvironment().run<[], AttentionReport, typeof open>(open)
  const path = `/v1/attention/${attention_id}`
  const { state_digest } = (await call('GET', path, { token: tokens.bob })).body
  const body = { choice: 'happened', reason: 'looked at it', evidence: 'seen there', state_digest }
  const { status } = await call('POST', `${path}/resolutions`, { token: tokens.bob, body })
  if (status !== 200) throw new Error(`not resolved: ${status}`)
}

export const earlySteps: readonly Attack<Room>[] = [
  {
    rows: ['D7'],
    name: 'a step is executed before anybody decided: no vote is lost by it',
    carryOut: async (room, tally) => {
      const id = await room.ask(cancellation())
      const tool = 'cancel_subscription'
      await room.effect(tool, { action_id: id })
      await room.decide(id)
      for (const round of [1, 2, 1]) await room.effect(tool, { action_id: id, round })
      tally.attempt('it was done', room.downstream.of(id) > 0)
      const recorded = await room.intruders.owner("select from decisions where action_id = $1 and stage = 'intent'", [
        id,
      ])
      tally.attempt('a refusal was recorded', recorded.length > 0)
      const opened = await room.decide(id)
      if (typeof opened === 'string') throw new Error(`nobody is asked: ${opened}`)
      await room.vote('bob', { id: opened.approval_id, digest: opened.envelope_digest })
      const state = await room.goOn(id)
      tally.attempt(`after the vote it is ${state}`, state !== 'committed')
      tally.control('a real vote', room.downstream.of(id) === 1)
    },
  },
  {
    rows: ['D7'],
    name: 'a step is executed before anybody has confirmed the one before it',
    carryOut: async (room, tally) => {
      const action_id = await firstMade(room)
      const two = { action_id, step: 'two' }
      for (const round of [1, 2]) await room.effect('refund_invoice', { ...two, round })
      tally.attempt('it was done', room.downstream.of(action_id) > 1)
      await room.effect('refund_invoice/verify', { action_id, step: 'one' })
      tally.control('its turn', (await room.effect('refund_invoice', two)) === 'committed')
      tally.control('two refunds', room.downstream.of(action_id) === 2)
    },
  },
  {
    rows: ['D7'],
    name: 'a step is executed while people are asked what became of the one before it',
    carryOut: async (room, tally) => {
      const action_id = await firstMade(room)
      const two = { action_id, step: 'two' }
      const tools = withoutEffects(room)
      const found = await room.effect('refund_invoice/verify', { action_id, step: 'one' }, { tools })
      if (found !== 'diverged') throw new Error(`the first step is ${found}`)
      for (const round of [1, 2]) await room.effect('refund_invoice', { ...two, round })
      tally.attempt('it was done', room.downstream.of(action_id) > 1)
      await settledByBob(room, action_id)
      tally.control('their decision', (await room.effect('refund_invoice', two)) === 'committed')
      tally.control('two refunds', room.downstream.of(action_id) === 2)
    },
  },
]
