import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Action, openTestDesk, refund, type TestDesk, until } from '../_util/desk.js'
import { drawn } from '../_util/drawn.js'
import { openReceiver, type Receiver } from '../notify/receiver.js'

describe('silence and floods, on the real stack', () => {
  let desk: TestDesk
  let receiver: Receiver
  beforeAll(async () => {
    receiver = await openReceiver()
    const server = {
      EXEQUATUR_TEST_WEBHOOK: receiver.url,
      EXEQUATUR_TEST_WEBHOOK_SECRET: 'the secret of a receiver of a test',
    }
    desk = await openTestDesk('silence', {
      config: new URL('./silence.config.ts', import.meta.url).pathname,
      env: { server },
    })
  })
  afterAll(async () => {
    await desk?.close()
    await receiver?.shut()
  })

  const ask = async (amount: number) => (await desk.agent.ask('refund_invoice', refund(amount), 0)).body
  const hold = async (amount: number): Promise<Action> => {
    const { id } = await ask(amount)
    await until('approval is asked for', async () => (await desk.agent.get(`/v1/actions/${id}`)).body.approval !== null)
    return (await desk.agent.get(`/v1/actions/${id}`)).body
  }
  const notices = (action: Action) =>
    desk.rows(
      `select kind, recipients from notices where approval_id = $1
       order by noticed_at, array_position(array['asked', 'reminder', 'escalation', 'closed'], kind)`,
      [action.approval?.id],
    )

  const told = (action: Action) =>
    receiver.received.map(({ body }) => body).filter(({ subject }) => subject === action.approval?.id)

  describe.concurrent('for as long as nobody decides', () => {
    test('a silence is reminded of and handed on to the next group, whose approval then is enough', async () => {
      const held = await hold(90_000)
      expect((await desk.approve(held, 'omar')).status).toBe(403)
      await until('it is handed on', async () => (await notices(held)).length === 3)
      expect(await notices(held)).toEqual([
        { kind: 'asked', recipients: ['person:ann', 'person:fred'] },
        { kind: 'reminder', recipients: ['person:ann', 'person:fred'] },
        { kind: 'escalation', recipients: ['person:omar'] },
      ])
      // What is decided before its turn comes is not told.
      await until('omar is told', async () => told(held).length === 3)
      expect((await desk.approve(held, 'omar')).status).toBe(200)
      expect((await desk.agent.ended(held.id)).outcome).toBe('succeeded')
      expect((await notices(held)).at(-1)).toMatchObject({ kind: 'closed' })
      await until('everybody is told', async () => told(held).length === 4)
      expect(told(held).map(({ type, data }) => [type, data.recipients])).toEqual([
        ['dev.exequatur.approval.asked', ['person:ann', 'person:fred']],
        ['dev.exequatur.approval.reminder', ['person:ann', 'person:fred']],
        ['dev.exequatur.approval.escalation', ['person:omar']],
        ['dev.exequatur.approval.closed', expect.arrayContaining(['person:ann', 'person:omar'])],
      ])
    })

    test('a silence of all ends the request, and says so', async () => {
      const held = await hold(91_000)
      expect((await desk.agent.ended(held.id, 90)).outcome).toBe('expired')
      expect((await notices(held)).map(({ kind }) => kind)).toEqual(['asked', 'reminder', 'escalation', 'closed'])
    })
  })

  test('the same request again is joined while it waits, and told to the approvers after a rejection', async () => {
    const held = await hold(92_000)
    const again = await ask(92_000)
    expect(again).toMatchObject({ id: held.id, joined: true })
    await desk.approve(held, 'ann', 'reject')
    expect((await desk.agent.ended(held.id)).outcome).toBe('rejected')
    const anew = await hold(92_000)
    expect(anew.id).not.toBe(held.id)
    const { body } = await desk.person('ann').get<{ rendering: string }>(`/v1/approvals/${anew.approval?.id}`)
    expect(drawn(body.rendering)).toContain(`ASKED BEFORE, exactly the same: ${held.id}`)
    await desk.approve(anew, 'ann', 'reject')
    await desk.agent.ended(anew.id)
  })

  test('a flood of requests makes no more of them wait than may; what needs nobody goes on', async () => {
    const answers = await Promise.all(
      Array.from({ length: 12 }, (_, n) => desk.agent.ask('refund_invoice', refund(80_000 + n), 0)),
    )
    const admitted = answers.filter(({ status }) => status < 300).map(({ body }) => body.id)
    const refused = answers.filter(({ status }) => status === 429)
    expect(admitted.length + refused.length).toBe(12)
    const open = async () =>
      (await desk.rows<{ stage: string }>('select stage from actions where outcome is null')).map(({ stage }) => stage)
    await until('all are decided', async () => (await open()).every((stage) => stage === 'approval'))
    expect(await open()).toHaveLength(3)
    const ended = await desk.rows("select 1 from actions where id = any ($1) and explanation like 'EXQ-1111%'", [
      admitted,
    ])
    expect(ended.length).toBe(admitted.length - 3)
    const late = await desk.agent.ask('refund_invoice', refund(85_000), 0)
    expect(late).toMatchObject({ status: 429, body: { code: 'EXQ-1111' } })
  })
})
