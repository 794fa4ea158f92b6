import { once } from 'node:events'
import { fastify } from 'fastify'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { endWaitsOnClose } from '../../src/http/end-waits.js'
import { actionShape } from '../../src/http/schemas.js'
import { cancellation, type HttpDesk, openHttpDesk, refund } from './http-desk.js'

let desk: HttpDesk
beforeAll(async () => {
  desk = await openHttpDesk()
})
afterAll(() => desk.close())

describe('asking for an action', () => {
  test('takes the request contract of the field as it is', async () => {
    const answer = await desk.submit({
      tool: 'refund_invoice',
      args: {
        invoice_id: 'in_123',
        reason_code: 'duplicate_charge',
        customer_message: 'Refund approved due to duplicate charge on 2026-06-17.',
      },
      context: {
        request_id: 'req_1',
        ticket_id: 'zd_1',
        actor: 'agent:support_refunds_v2',
        tenant: 'acme',
        requires_approval: true,
      },
    })
    expect(answer.status).toBe(202)
    expect(answer.headers.location).toBe(`/v1/actions/${answer.body.id}`)
    expect(actionShape.strict().parse(answer.body)).toMatchObject({
      request_id: 'req_1',
      tenant: 'acme',
      actor: 'agent:support_refunds_v2',
      stage: 'request',
      outcome: null,
      steps: [{ id: 'step1', tool: 'refund_invoice', status: 'waiting' }],
      workflow: { id: `acme/${answer.body.id}` },
    })
    expect(desk.starts.at(-1)?.request.context).toEqual({
      request_id: 'req_1',
      ticket_id: 'zd_1',
      requires_approval: true,
    })
  })

  test('again, with the same body in any order of fields, is the same action', async () => {
    const before = await desk.count('actions')
    const first = await desk.submit(refund('same'))
    const { tool, args, context } = refund('same')
    const second = await desk.submit({ context, args, tool })
    expect([first.status, second.status]).toEqual([202, 202])
    expect(second.body.id).toBe(first.body.id)
    expect(await desk.count('actions')).toBe(before + 1)
    expect(await desk.count('refusals')).toBe(0)
  })

  test('again, with another trace and another count of tokens, is the same action', async () => {
    const model = { provider: 'p', name: 'm', usage: { input_tokens: 1 } }
    const first = await desk.submit(refund('traced', { context: { model, traceparent: '00-a-b-01' } }))
    const second = await desk.submit(
      refund('traced', { context: { model: { ...model, usage: { input_tokens: 2 } }, traceparent: '00-c-d-01' } }),
    )
    expect(second.status).toBe(202)
    expect(second.body.id).toBe(first.body.id)
  })

  test('by eight at once is one action', async () => {
    const before = await desk.count('actions')
    const answers = await Promise.all(Array.from({ length: 8 }, () => desk.submit(refund('at-once'))))
    expect(new Set(answers.map(({ body }) => body.id)).size).toBe(1)
    expect(answers.every(({ status }) => status === 202)).toBe(true)
    expect(await desk.count('actions')).toBe(before + 1)
  })

  test('may be for a plan, whose steps get names if they have none', async () => {
    const { status, body } = await desk.submit({
      plan: {
        goal: 'Settle ticket zd_1',
        steps: [
          { tool: 'refund_invoice', version: 1, args: refund('').args },
          {
            id: 'note',
            tool: 'add_note',
            args: { ticket: 'zd_1', text: 'done', refund_id: { $from: 'step1.refund_id' } },
          },
          { tool: 'add_note', args: { ticket: 'zd_1', text: 'done', refund_id: 're_1' } },
        ],
        bounds: { steps: 3, writes: 3 },
      },
      context: { request_id: 'plan', ticket_id: 'zd_1' },
    })
    expect(status).toBe(202)
    expect(body.steps.map(({ id }: { id: string }) => id)).toEqual(['step1', 'note', 'step3'])
    expect(desk.starts.at(-1)?.request.plan).toMatchObject({
      goal: 'Settle ticket zd_1',
      bounds: { steps: 3, writes: 3 },
    })
  })

  test('goes on where Temporal is away: what is admitted is started later', async () => {
    const plane = {
      ...desk.plane,
      workflows: { ...desk.plane.workflows, start: () => Promise.reject(new Error('no')) },
    }
    const app = await desk.serve(plane)
    const answer = await app.inject({
      method: 'POST',
      url: '/v1/actions',
      headers: { authorization: `Bearer ${desk.tokens.desk}` },
      payload: refund('away'),
    })
    expect(answer.statusCode).toBe(202)
    await app.close()
  })
})

describe('a preferred wait', () => {
  test('is answered with 200 as soon as the action has ended', async () => {
    const { body } = await desk.submit(cancellation('wait-1'))
    const begun = Date.now()
    const waiting = desk.submit(cancellation('wait-1'), { headers: { prefer: 'respond-async, wait=20' } })
    setTimeout(() => void desk.end(body.id, 'succeeded'), 100)
    const answer = await waiting
    expect(answer.status).toBe(200)
    expect(answer.headers['preference-applied']).toBe('wait=20')
    expect(answer.headers.location).toBe(`/v1/actions/${body.id}`)
    expect(answer.body.outcome).toBe('succeeded')
    expect(Date.now() - begun).toBeLessThan(10_000)
  })

  test('is answered with 202 when the time is up', async () => {
    const answer = await desk.submit(cancellation('wait-2'), { headers: { prefer: 'wait="1"' } })
    expect(answer.status).toBe(202)
    expect(answer.headers['preference-applied']).toBe('wait=1')
  })

  test('of an action that has ended is over at once', async () => {
    const { body } = await desk.submit(cancellation('wait-3'))
    await desk.end(body.id, 'denied', 'EXQ-3001 no permit names it')
    const answer = await desk.call('GET', `/v1/actions/${body.id}`, {
      token: desk.tokens.desk,
      headers: { prefer: 'wait=60' },
    })
    expect(answer.status).toBe(200)
    expect(answer.body.problem).toMatchObject({ code: 'EXQ-3001', detail: 'no permit names it' })
  })

  test('is granted up to a minute, and ignored where it is none', async () => {
    const { body } = await desk.submit(cancellation('wait-3'))
    const look = (prefer: string) =>
      desk.call('GET', `/v1/actions/${body.id}`, { token: desk.tokens.desk, headers: { prefer } })
    expect((await look('wait=600')).headers['preference-applied']).toBe('wait=60')
    expect((await look('wait=0')).headers['preference-applied']).toBe('wait=0')
    expect((await look('wait=soon')).headers['preference-applied']).toBeUndefined()
    expect((await look('nowait=3')).headers['preference-applied']).toBeUndefined()
  })

  test('does not hold up the end of the server', async () => {
    const app = await desk.serve(desk.plane)
    const url = await app.listen({ host: '127.0.0.1', port: 0 })
    const { body } = await desk.submit(cancellation('wait-4'))
    const arrived = once(app.server, 'request')
    const waiting = fetch(`${url}/v1/actions/${body.id}`, {
      headers: { authorization: `Bearer ${desk.tokens.desk}`, prefer: 'wait=60' },
    })
    await arrived
    await new Promise((resolve) => setTimeout(resolve, 300))
    const begun = Date.now()
    await app.close()
    expect((await waiting).status).toBe(200)
    expect(Date.now() - begun).toBeLessThan(20_000)
  })

  test('that begins only once the server ends does not hold it up either', async () => {
    const app = fastify()
    const { expectEnding } = endWaitsOnClose(app, desk.plane)
    await app.close()
    await expectEnding({ tenant: 'acme', action_id: 'act_none' }, 600_000).over
  })
})
