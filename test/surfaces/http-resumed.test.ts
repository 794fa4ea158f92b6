import { MockActivityEnvironment } from '@temporalio/testing'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createDecisionActivities } from '../../activities/index.js'
import type { ActionRef, EffectReport, TrailReport } from '../../src/domain/activities.js'
import type { Outcome } from '../../src/domain/lifecycle.js'
import { haltAction } from '../../src/ledger/queries/halt-action.js'
import { type CallRef, recordIntent } from '../../src/ledger/queries/record-intent.js'
import { recordLook } from '../../src/ledger/queries/record-look.js'
import { type CallOutcome, recordOutcome } from '../../src/ledger/queries/record-outcome.js'
import { findingOf, intentFor } from '../_util/ledger-rows.js'
import { cancellation, type HttpDesk, openHttpDesk } from './http-desk.js'

let desk: HttpDesk
let count = 0
beforeAll(async () => {
  desk = await openHttpDesk()
})
afterAll(() => desk.close())

const done: CallOutcome = { effect: 'committed', output: { status: 'cancelled' }, error: null }
const activities = () => createDecisionActivities({ ...desk.plane, approvalTtlMs: 60_000 })
const ask = async (): Promise<ActionRef> => {
  count += 1
  return { tenant: 'acme', action_id: (await desk.submit(cancellation(`resumed${count}`))).body.id }
}
const nextOf = (ref: ActionRef, round = 1): Promise<EffectReport> =>
  activities().readEffect({ ...ref, round, step: 'step1', phase: 'execute' })

/** Calls a tool as an executor would; what it came to was seen. */
async function call(ref: ActionRef, phase: 'execute' | 'compensate', outcome = done): Promise<CallRef> {
  const { executorPool, serverPool } = desk.database
  const intent = await intentFor(serverPool, ref, { phase, tool: 'cancel_subscription' })
  expect(await recordIntent(executorPool, intent)).toBe('written')
  const call = { ...ref, step: 'step1', phase, generation: 0 } as const
  await recordOutcome(executorPool, call, 1, outcome)
  return call
}
const confirm = (call: CallRef) =>
  recordLook(desk.database.executorPool, call, findingOf('committed'), { tookMs: 0, settles: true })

/** Ends an action as a workflow would that knows nothing of what was called. */
const close = (ref: ActionRef, outcome: Outcome) => {
  const run = () => activities().closeTrail({ ...ref, outcome, explanation: 'EXQ-4007 Nobody decided.' })
  return new MockActivityEnvironment().run<[], TrailReport, typeof run>(run)
}

describe('an ending that says nothing is there', () => {
  test.each(['expired', 'cancelled', 'denied', 'rejected', 'failed', 'compensated'] as const)(
    'as %s, is not recorded while a step is known to be done and not undone',
    async (outcome) => {
      const ref = await ask()
      await confirm(await call(ref, 'execute'))
      expect(await close(ref, outcome)).toEqual({ outcome: 'needs-attention' })
      const { body } = await desk.call('GET', `/v1/actions/${ref.action_id}`, { token: desk.tokens.desk })
      expect(body.explanation).toBe('EXQ-5006 Still there: step1. EXQ-4007 Nobody decided.')
    },
  )

  test('is recorded where nothing was done, and where all of it was undone', async () => {
    expect(await close(await ask(), 'expired')).toEqual({ outcome: 'expired' })
    const ref = await ask()
    await confirm(await call(ref, 'execute'))
    await haltAction(desk.plane.pool, ref, 'expired')
    await confirm(await call(ref, 'compensate', { effect: 'committed', output: null, error: null }))
    expect(await close(ref, 'compensated')).toEqual({ outcome: 'compensated' })
  })
})

describe('a run that begins anew', () => {
  test('asks nobody about a call that was made, whatever became of its approval since', async () => {
    const ref = await ask()
    await desk.askPeople({ id: ref.action_id }, 1)
    expect((await desk.readApproval({ id: ref.action_id }, 1)).state).toBe('expired')
    await call(ref, 'execute', { effect: 'unknown', output: null, error: null })
    expect((await desk.readApproval({ id: ref.action_id }, 1)).state).toBe('approved')
  })

  test('asks anew about the rest of a plan whose approval expired while it was carried out, unless it has halted', async () => {
    const { tool, args, context } = cancellation('in_part')
    const steps = ['step1', 'step2'].map((id) => ({ id, tool, args: { ...args, subscription_id: id } }))
    const { body } = await desk.submit({ plan: { steps }, context })
    const ref = { tenant: 'acme', action_id: body.id }
    await desk.askPeople({ id: ref.action_id }, 1)
    expect((await desk.readApproval({ id: ref.action_id }, 1)).state).toBe('expired')
    await confirm(await call(ref, 'execute'))
    expect((await desk.readApproval({ id: ref.action_id }, 1)).state).toBe('stale')
    await desk.askPeople({ id: ref.action_id }, 1, 2)
    expect((await desk.readApproval({ id: ref.action_id }, 2)).state).toBe('expired')
    await haltAction(desk.plane.pool, ref, 'expired')
    expect((await desk.readApproval({ id: ref.action_id }, 1)).state).toBe('expired')
  })

  test('asks nobody about a plan that has halted, nor executes what is left of it', async () => {
    const ref = await ask()
    await desk.askPeople({ id: ref.action_id })
    expect((await desk.readApproval({ id: ref.action_id }, 1)).state).toBe('waiting')
    expect((await nextOf(ref)).state).toBe('none')
    await haltAction(desk.plane.pool, ref, 'failed')
    expect((await desk.readApproval({ id: ref.action_id }, 1)).state).toBe('approved')
    expect((await nextOf(ref)).state).toBe('denied')
    expect((await nextOf(ref, 2)).state).toBe('denied')
  })
})

describe('what a call came to', () => {
  test('is told with its output once, not each time that it is looked at before it is settled', async () => {
    const ref = await ask()
    const made = await call(ref, 'execute')
    expect(await nextOf(ref)).toMatchObject({ state: 'committed', output: done.output })
    await recordLook(desk.database.executorPool, made, findingOf('unknown'), { tookMs: 0, settles: false })
    expect(await nextOf(ref)).toMatchObject({ state: 'committed', output: null, waits: { for: 'time' } })
    await confirm(made)
    expect(await nextOf(ref)).toMatchObject({ state: 'committed', verified: true, output: done.output })
  })
})
