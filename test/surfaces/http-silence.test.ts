import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { ApprovalRules } from '../../src/domain/escalation.js'
import { approvalShape } from '../../src/http/approval-shape.js'
import { drawn } from '../_util/drawn.js'
import { cancellation, type HttpDesk, openHttpDesk } from './http-desk.js'

let desk: HttpDesk
beforeAll(async () => {
  desk = await openHttpDesk()
})
afterAll(() => desk.close())

const toPrivacy = (afterMs: number) => ({ escalations: [{ group: 'finance', to: 'privacy', afterMs }] })
let asked = 0
/** Asks for something that finance has to approve; eve is of privacy. */
async function ask(rules: Partial<ApprovalRules> = {}) {
  asked += 1
  const { body } = await desk.submit(cancellation(`silence-${asked}`))
  const approval = await desk.askPeople(body, 60_000, 1, rules)
  return { id: body.id as string, approval }
}
const view = async (approval: string, token = desk.tokens.bob) =>
  (await desk.call('GET', `/v1/approvals/${approval}`, { token })).body
const vote = async (approval: string, token: string, choice = 'approve') =>
  desk.call('POST', `/v1/approvals/${approval}/votes`, {
    token,
    body: { vote: choice, reason: 'seen', envelope_digest: (await view(approval)).envelope_digest },
  })
const notices = async (approval: string) => {
  const { rows } = await desk.plane.pool
    .of('acme')
    .query(
      'select kind, ordinal, recipients from notices where tenant = $1 and approval_id = $2 order by noticed_at, kind',
      ['acme', approval],
    )
  return rows
}
const inbox = async (token: string) =>
  (await desk.call('GET', '/v1/approvals', { token })).body.items.map(({ id }: { id: string }) => id)

describe('escalation', () => {
  test('is sealed and shown; before its time the other group may not decide', async () => {
    const { approval } = await ask(toPrivacy(3_600_000))
    const seen = approvalShape.strict().parse(await view(approval))
    expect(seen.escalations).toEqual([{ group: 'finance', to: 'privacy', at: expect.any(String), due: false }])
    expect(drawn(seen.rendering)).toContain(`From ${seen.escalations[0]?.at} on privacy may stand for finance too.`)
    expect(await vote(approval, desk.tokens.eve)).toMatchObject({ status: 403, body: { code: 'EXQ-4003' } })
    expect(await inbox(desk.tokens.eve)).not.toContain(approval)
  })

  test('from its time on lets the other group decide, in its inbox and for the policy', async () => {
    const { id, approval } = await ask(toPrivacy(1))
    await sleep(20)
    expect((await view(approval)).escalations[0].due).toBe(true)
    expect(await inbox(desk.tokens.eve)).toContain(approval)
    expect((await desk.readApproval({ id }, 1)).state).toBe('waiting')
    expect((await vote(approval, desk.tokens.eve)).status).toBe(200)
    expect((await desk.readApproval({ id }, 1)).state).toBe('approved')
  })

  test('never lets the owner of the agent decide', async () => {
    const { approval } = await ask(toPrivacy(1))
    await sleep(20)
    expect(await vote(approval, desk.tokens.ann)).toMatchObject({ status: 403, body: { code: 'EXQ-4003' } })
  })

  test('is not sealed where its group is not asked', async () => {
    const { approval } = await ask({ escalations: [{ group: 'security', to: 'privacy', afterMs: 1 }] })
    await sleep(20)
    expect((await view(approval)).escalations).toEqual([])
    expect((await vote(approval, desk.tokens.eve)).status).toBe(403)
  })
})

describe('notices', () => {
  test('say once that people are asked, however often one looks, and that it is closed', async () => {
    const { id, approval } = await ask()
    for (let look = 0; look < 3; look += 1) await desk.readApproval({ id }, 1)
    await desk.askPeople({ id })
    const first = { kind: 'asked', ordinal: 1, recipients: ['person:bob'] }
    expect(await notices(approval)).toEqual([first])
    await vote(approval, desk.tokens.bob, 'reject')
    for (let look = 0; look < 2; look += 1) expect((await desk.readApproval({ id }, 1)).state).toBe('rejected')
    expect(await notices(approval)).toEqual([first, { kind: 'closed', ordinal: 1, recipients: ['person:bob'] }])
  })

  test('remind, and hand a silence on, each at its time and once; the report says how long until then', async () => {
    const { id, approval } = await ask({ remindAfterMs: 600_000, ...toPrivacy(15_000) })
    const [escalation] = (await view(approval)).escalations
    const early = await desk.readApproval({ id }, 1)
    expect(early.next_ms).toBeGreaterThan(0)
    expect(early.next_ms).toBeLessThanOrEqual(15_000)
    expect(await notices(approval)).toHaveLength(1)
    await sleep(Date.parse(escalation.at) + 100 - Date.now())
    for (let look = 0; look < 2; look += 1) await desk.readApproval({ id }, 1)
    expect((await notices(approval)).slice(1)).toEqual([{ kind: 'escalation', ordinal: 1, recipients: ['person:eve'] }])
    const reminded = await ask({ remindAfterMs: 1 })
    await sleep(20)
    for (let look = 0; look < 2; look += 1) expect(await desk.readApproval(reminded, 1)).not.toHaveProperty('next_ms')
    expect((await notices(reminded.approval)).slice(1)).toEqual([
      { kind: 'reminder', ordinal: 1, recipients: ['person:bob'] },
    ])
  })

  test('remind a group that has a time of its own at that time, and the others at theirs', async () => {
    const own = await ask({ remindAfterMs: 600_000, reminders: [{ group: 'finance', afterMs: 1 }] })
    const foreign = await ask({ remindAfterMs: 1, reminders: [{ group: 'privacy', afterMs: 600_000 }] })
    await sleep(20)
    for (const asked of [own, foreign]) for (let look = 0; look < 2; look += 1) await desk.readApproval(asked, 1)
    const reminder = { kind: 'reminder', recipients: ['person:bob'] }
    expect((await notices(own.approval)).slice(1)).toEqual([{ ...reminder, ordinal: 2 }])
    expect((await notices(foreign.approval)).slice(1)).toEqual([{ ...reminder, ordinal: 1 }])
    // Nobody is left whom the usual reminder is for, and nobody is told that there is.
    expect(drawn((await view(own.approval)).rendering)).not.toContain('of other groups')
  })

  test('remind whoever a silence was handed on to, as long after that', async () => {
    const rules = { reminders: [{ group: 'privacy', afterMs: 600_000 }], ...toPrivacy(2_500) }
    const { approval } = await ask({ ...rules, remindAfterMs: 300_000 })
    const { escalations, rendering } = await view(approval)
    const at = new Date(Date.parse(escalations[0].at) + 600_000).toISOString()
    expect(drawn(rendering)).toContain(`Who of privacy has not decided is reminded at ${at}.`)
    expect(drawn(rendering)).toContain('Who of other groups has not decided is reminded at')
  })

  test('are one for requests that are joined', async () => {
    const { body } = await desk.submit(cancellation('joined-notice'))
    const approval = await desk.askPeople(body)
    const same = cancellation('joined-notice')
    const again = { ...same, context: { ...same.context, request_id: 'joined-notice-2' } }
    expect((await desk.submit(again)).body).toMatchObject({ id: body.id, joined: true })
    await desk.readApproval(body, 1)
    expect(await notices(approval)).toHaveLength(1)
  })
})

test('what people rejected before is shown to those who are asked again, and only where it is exactly the same', async () => {
  const once = cancellation('asked-before')
  const again = (request_id: string, args = once.args) =>
    desk.submit({ ...once, args, context: { ...once.context, request_id } })
  const first = (await desk.submit(once)).body
  await desk.askPeople(first)
  await desk.end(first.id, 'rejected', 'EXQ-4006 Rejected by person:bob: not \u202e before Monday')
  const second = (await again('asked-again')).body
  expect(second.id).not.toBe(first.id)
  const rendering = drawn((await view(await desk.askPeople(second))).rendering)
  expect(rendering).toContain(`ASKED BEFORE, exactly the same: ${first.id}`)
  expect(rendering).toContain('Rejected by person:bob: not \\u{202e} before Monday')
  const other = (await again('asked-otherwise', { subscription_id: 'sub_other' })).body
  expect((await view(await desk.askPeople(other))).rendering).not.toContain('ASKED BEFORE')
})
