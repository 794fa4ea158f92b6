import { MockActivityEnvironment } from '@temporalio/testing'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createDecisionActivities } from '../../activities/index.js'
import { revokePrincipal, rotateToken } from '../../src/control-plane/principal-life.js'
import { createPrincipal } from '../../src/control-plane/principals.js'
import type { ApprovalReport } from '../../src/domain/activities.js'
import { type Approval, approvalOf, cancellation, openRoom, type Room } from '../attacks/room.js'

let room: Room
beforeAll(async () => {
  room = await openRoom()
})
afterAll(() => room.close())

const tenant = 'acme'
const by = 'test'

describe('a vote that the server vouched for', () => {
  test('is void once the token it came in with is no longer the approver’s, and may be cast again', async () => {
    const token = await room.person('rita', ['finance'])
    const held = await room.hold()
    expect(await room.vote(token, held.approval)).toBe(200)
    const { token: next } = await rotateToken(room.http.plane, { tenant, principal: 'person:rita', by })
    expect(await room.goOn(held.id)).toBe('waiting')
    expect(await room.vote(next, held.approval)).toBe(200)
    await room.goOn(held.id)
    expect(room.downstream.of(held.id)).toBe(1)
  })

  test('does not come back with somebody new of the same name', async () => {
    const held = await room.hold()
    await room.vote(await room.person('carol', ['finance']), held.approval)
    await revokePrincipal(room.http.plane, tenant, 'person:carol', by)
    await createPrincipal(room.http.plane, { tenant, kind: 'person', name: 'carol', groups: ['finance'], by })
    await room.press(held.id)
    expect(room.downstream.of(held.id)).toBe(0)
  })

  test('to reject stays, whatever becomes of the token', async () => {
    const token = await room.person('rosa', ['finance'])
    const held = await room.hold()
    await room.vote(token, held.approval, 'reject')
    await rotateToken(room.http.plane, { tenant, principal: 'person:rosa', by })
    expect(await room.vote('bob', held.approval)).toBe(200)
    expect(await room.goOn(held.id)).toBe('rejected')
  })
})

describe('what is sealed', () => {
  const decisions = () => createDecisionActivities({ ...room.http.plane, approvalTtlMs: 60_000 })
  const inActivity = <Answer>(work: () => Promise<Answer>) =>
    new MockActivityEnvironment().run<[], Answer, () => Promise<Answer>>(work)

  test('is out of date where the policies changed after the decision it rests on', async () => {
    const action_id = await room.ask(cancellation())
    const ref = { tenant, action_id, round: 1 }
    expect((await inActivity(() => decisions().policy(ref))).result).toBe('require-approval')
    await room.forbid(
      '@require("privacy:1") forbid (principal, action == Action::"cancel_subscription", resource) unless { context.approvals.privacy >= 1 };',
    )
    const opened: ApprovalReport = await inActivity(() => decisions().openApproval(ref))
    expect(opened.state).toBe('stale')
    const anew = await room.decide(action_id, 2)
    expect(anew).toMatchObject({ state: 'waiting', requirements: { approvers: 1, privacy: 1 } })
    const approval: Approval = approvalOf(anew)
    await room.vote('bob', approval)
    expect(await room.vote('eve', approval)).toBe(200)
  })
})
