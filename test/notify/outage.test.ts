import { randomUUID } from 'node:crypto'
import { pino } from 'pino'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest'
import { openChannels } from '../../src/notify/open-channels.js'
import { runOutbox } from '../../src/notify/outbox.js'
import { type OutboxDesk, openOutboxDesk, recordingChannel } from './outbox-desk.js'
import { openReceiver, type Receiver } from './receiver.js'

const secret = randomUUID().repeat(2)
let desk: OutboxDesk
let receiver: Receiver
let outbox: ReturnType<typeof runOutbox>
let start: (sweepMs?: number) => ReturnType<typeof runOutbox>
const slack = recordingChannel()

beforeAll(async () => {
  desk = await openOutboxDesk()
})
afterAll(() => desk.close())
beforeEach(async () => {
  receiver = await openReceiver()
  const notifications = { webhook: { url: receiver.url, secret: 'env:HOOK_SECRET' } } as const
  const channels = openChannels(desk.plane, { deployment: 'desk', notifications }, { HOOK_SECRET: secret })
  const rules = { default: [], groups: { finance: ['slack', 'webhook'] } } as const
  const setting = { channels: [...channels, slack.channel], rules, tenants: ['acme', 'globex'] }
  start = (sweepMs) => runOutbox(desk.plane, pino({ level: 'silent' }), { ...setting, ...(sweepMs && { sweepMs }) })
  outbox = start()
})
afterEach(async () => {
  await outbox.stop()
  await receiver.shut().catch(() => undefined)
  await desk.settle()
})

/** Far longer than it takes where there is not much else to do. */
const soon = 20_000
const told = () => receiver.received.map(({ body }) => `${body.type} ${body.subject}`)

describe('a webhook of a running server', () => {
  test('gets a CloudEvent as soon as people are asked, without a word that the agent wrote', async () => {
    await outbox.stop()
    // It looks by itself only much later: the ledger has to tell it.
    outbox = start(600_000)
    const { id, approval } = await desk.ask()
    await vi.waitFor(() => expect(receiver.received).toHaveLength(1), soon)
    expect(receiver.received[0]?.body).toEqual({
      specversion: '1.0',
      id: receiver.received[0]?.headers['webhook-id'],
      source: 'urn:exequatur:desk:acme',
      type: 'dev.exequatur.approval.asked',
      subject: approval,
      time: expect.stringMatching(/^\d{4}-\d\d-\d\dT/),
      datacontenttype: 'application/json',
      data: {
        tenant: 'acme',
        approval_id: approval,
        action_id: id,
        notice: 'asked',
        ordinal: 1,
        recipients: ['person:bob', 'person:fay'],
        headline: expect.stringContaining('sub_1'),
        risk: 'high',
        amount: null,
        expires_at: expect.any(String),
        state: 'waiting',
        link: expect.stringMatching(new RegExp(`^http.*/inbox/approvals/${approval}$`)),
      },
    })
    expect(receiver.received[0]?.text).not.toContain('for told-')
  })

  test('that is away for a while loses nothing and delays nobody; afterwards everything comes, once', async () => {
    await receiver.shut()
    const asked: { readonly approval: string }[] = []
    for (let each = 0; each < 5; each += 1) asked.push(await desk.ask())
    await vi.waitFor(
      () => expect(slack.got.filter(({ about }) => about.id === asked[4]?.approval)).toHaveLength(2),
      soon,
    )
    const began = Date.now()
    expect((await desk.vote(asked[0]?.approval ?? '', desk.tokens.bob)).status).toBe(200)
    expect(Date.now() - began).toBeLessThan(10_000)
    await vi.waitFor(async () => {
      const { body } = await desk.call('GET', '/v1/deliveries', { token: desk.tokens.bob })
      expect(body.items.filter(({ channel }: { channel: string }) => channel === 'webhook')).toHaveLength(5)
      expect(body.items[0]).toMatchObject({ channel: 'webhook', last_error: expect.stringMatching(/^no connection/) })
    }, soon)

    await receiver.open()
    await vi.waitFor(() => expect(told()).toHaveLength(5), soon)
    expect(told().sort()).toEqual(asked.map(({ approval }) => `dev.exequatur.approval.asked ${approval}`).sort())
    await vi.waitFor(
      async () => expect((await desk.call('GET', '/v1/deliveries', { token: desk.tokens.bob })).body.items).toEqual([]),
      soon,
    )
  })

  test('that does not answer holds up no other channel', async () => {
    receiver.behaviour.answer = () => undefined
    const first = await desk.ask()
    await vi.waitFor(() => expect(receiver.received).toHaveLength(1), soon)
    const second = await desk.ask()
    for (const { approval } of [first, second])
      await vi.waitFor(() => expect(slack.got.filter(({ about }) => about.id === approval)).toHaveLength(2), soon)
    receiver.behaviour.answer = (response) => void response.writeHead(204).end()
    await receiver.shut()
  })
})

describe('an address that is slow', () => {
  test('holds up no other, also none for which something comes once the slow one is being told', async () => {
    await outbox.stop()
    let wake = () => {}
    const slow = new Promise<void>((done) => {
      wake = done
    })
    const begun: string[] = []
    const channel = recordingChannel(({ to, about }) => {
      begun.push(`${to} ${about.id}`)
      return to === 'person:bob' ? slow : undefined
    })
    const rules = { default: [], groups: { finance: ['slack'] } } as const
    // It looks by itself only much later: the ledger has to tell it.
    const setting = { channels: [channel.channel], rules, tenants: ['acme'], sweepMs: 600_000 }
    outbox = runOutbox(desk.plane, pino({ level: 'silent' }), setting)
    const first = await desk.ask()
    await vi.waitFor(() => expect(begun).toContain(`person:bob ${first.approval}`), soon)
    await vi.waitFor(() => expect(channel.told()).toContain(`person:fay asked ${first.approval}`), soon)
    // Every lane that finds nothing has ended by now.
    await new Promise((done) => setTimeout(done, 1_000))
    const second = await desk.ask()
    await vi.waitFor(() => expect(channel.told()).toContain(`person:fay asked ${second.approval}`), 10_000)
    const [state] = await desk.rows(
      `select tries, claim is not null as busy from deliveries where about = $1 and address = 'person:bob'`,
      [first.approval],
    )
    expect(state).toEqual({ tries: 1, busy: true })
    wake()
  }, 60_000)
})

describe('a server', () => {
  const open = (env: NodeJS.ProcessEnv) =>
    openChannels(
      desk.plane,
      { deployment: 'desk', notifications: { webhook: { url: receiver.url, secret: 'env:HOOK_SECRET' } } },
      env,
    )

  test('does not start without the secret of its webhook, and does not tell it', () => {
    const problem = 'notifications.webhook.secret: HOOK_SECRET is not set, or shorter than 24 bytes'
    for (const env of [{}, { HOOK_SECRET: 'short' }]) expect(() => open(env)).toThrow(problem)
    expect(open({ HOOK_SECRET: secret })).toHaveLength(1)
  })
})
