import { createHmac } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { Delivery } from '../../src/notify/channel.js'
import { keyOf } from '../../src/notify/sign-webhook.js'
import { createWebhook } from '../../src/notify/webhook.js'
import { openReceiver, type Receiver } from './receiver.js'

let receiver: Receiver
beforeAll(async () => {
  receiver = await openReceiver()
})
afterAll(() => receiver.shut())
beforeEach(() => {
  receiver.received.splice(0)
  receiver.behaviour.answer = (response) => void response.writeHead(204).end()
})

const key = keyOf('a secret of more than 24 bytes') as Buffer
const delivery: Delivery = {
  tenant: 'acme',
  id: 'dlv_1',
  about: { kind: 'approval', id: 'apr_1' },
  action_id: 'act_1',
  notice: 'asked',
  ordinal: 1,
  noticed_at: '2026-01-01T00:00:00Z',
  closed_as: null,
  to: '',
  recipients: ['person:ann'],
}
const send = (url = receiver.url, timeoutMs = 20_000) =>
  createWebhook({ url, key, eventOf: async () => ({ id: 'dlv_1' }), timeoutMs }).deliver(delivery)

describe('a webhook', () => {
  test('is signed as Standard Webhooks has it, over what is sent', async () => {
    const began = Math.floor(Date.now() / 1_000)
    await send()
    const [got] = receiver.received
    expect(got?.headers['content-type']).toBe('application/cloudevents+json; charset=utf-8')
    expect(got?.headers['webhook-id']).toBe('dlv_1')
    const time = String(got?.headers['webhook-timestamp'])
    expect(Number(time)).toBeGreaterThanOrEqual(began)
    expect(Number(time)).toBeLessThanOrEqual(Date.now() / 1_000)
    const expected = createHmac('sha256', key).update(`dlv_1.${time}.${got?.text}`).digest('base64')
    expect(got?.headers['webhook-signature']).toBe(`v1,${expected}`)
  })

  test.each([200, 201, 202, 204])('is taken with %i', async (status) => {
    receiver.behaviour.answer = (response) => void response.writeHead(status).end()
    await send()
  })

  test.each([400, 404, 408, 429, 500, 503])('is sent again after %i', async (status) => {
    receiver.behaviour.answer = (response) => void response.writeHead(status).end('secret text of the receiver')
    await expect(send()).rejects.toMatchObject({ message: `the receiver answered ${status}`, final: false })
  })

  test('is never sent again after 410', async () => {
    receiver.behaviour.answer = (response) => void response.writeHead(410).end()
    await expect(send()).rejects.toMatchObject({ message: 'the receiver answered 410', final: true })
  })

  test('follows nobody elsewhere', async () => {
    receiver.behaviour.answer = (response) => void response.writeHead(307, { location: receiver.url }).end()
    await expect(send()).rejects.toThrow('the receiver answered 307; redirects are not followed')
    expect(receiver.received).toHaveLength(1)
  })

  test('waits for an answer so long, and says in its own words what went wrong', async () => {
    receiver.behaviour.answer = () => undefined
    await expect(send(receiver.url, 500)).rejects.toThrow('no answer within 0.5 s')
    await expect(send('http://127.0.0.1:9/?token=secret')).rejects.toThrow(/^no connection( \(\w+\))?$/)
  })
})

describe('a secret', () => {
  test('is base64 after whsec_, or the text itself', () => {
    const bytes = Buffer.alloc(24, 7)
    expect(keyOf(`whsec_${bytes.toString('base64')}`)).toEqual(bytes)
    expect(keyOf('x'.repeat(24))).toEqual(Buffer.from('x'.repeat(24)))
  })

  test('is no key where it is too short', () => {
    expect(keyOf('')).toBeNull()
    expect(keyOf('x'.repeat(23))).toBeNull()
    expect(keyOf('whsec_AAAA')).toBeNull()
  })
})
