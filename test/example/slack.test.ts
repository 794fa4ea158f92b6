import { App, type BlockButtonAction, SocketModeReceiver, webApi } from '@slack/bolt'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { type Desk, openDesk } from './desk.js'

let desk: Desk
let app: App
/** How long the app thinks before it acknowledges; a test may change it. */
let thinkMs = 0
const heard: { action: string; value: string | undefined; user: string }[] = []

beforeAll(async () => {
  desk = await openWorkspace({ SLACK_PATIENCE_MS: '30000' })
  app = await openApp(desk)
})

async function openWorkspace(env: Record<string, string> = {}): Promise<Desk> {
  const workspace = await openDesk('slack', env)
  await workspace.seed({
    users: [
      { id: 'U1', name: 'ann', email: 'ann@example.com' },
      { id: 'U2', name: 'gus', kind: 'guest' },
      { id: 'U3', name: 'sly', kind: 'stranger', team_id: 'T9', email: 'sly@other.example' },
    ],
    channels: [
      { id: 'C1', name: 'refunds' },
      { id: 'C2', name: 'elsewhere', joined: 'no' },
    ],
  })
  return workspace
}

async function openApp({ url }: Desk): Promise<App> {
  const clientOptions = { slackApiUrl: `${url}/api/`, allowAbsoluteUrls: false, retryConfig: { retries: 0 } }
  const logger = { debug() {}, info() {}, warn() {}, error() {}, setLevel() {}, setName() {}, getLevel: () => 'error' }
  const receiver = new SocketModeReceiver({
    appToken: 'xapp-refund-desk',
    installerOptions: { clientOptions },
    logger: logger as never,
  })
  const app = new App({ token: 'xoxb-refund-desk', receiver, clientOptions, logger: logger as never })
  app.action<BlockButtonAction>('go', async ({ ack, action, body, respond }) => {
    await new Promise((done) => setTimeout(done, thinkMs))
    heard.push({ action: action.action_id, value: action.value, user: body.user.id })
    await ack()
    if (action.value === 'speak')
      await respond({ response_type: 'ephemeral', replace_original: false, text: 'for you' })
  })
  app.action('ask', async ({ ack, body, client }) => {
    await ack()
    const trigger_id = 'trigger_id' in body ? body.trigger_id : ''
    await client.views.open({ trigger_id, view: modal('Why?') })
  })
  app.view('why', async ({ ack, view }) => {
    const said = view.state.values.reason?.text?.value ?? ''
    if (said === '') return ack({ response_action: 'errors', errors: { reason: 'Say why.' } })
    if (said === 'more') return ack({ response_action: 'update', view: modal('And now?') })
    return ack()
  })
  app.command('/desk', async ({ ack, command, respond }) => {
    await ack()
    await respond({ text: `you said ${command.text}`, response_type: 'ephemeral' })
  })
  await app.start()
  return app
}

afterEach(async () => {
  thinkMs = 0
  heard.length = 0
  await desk.clearFaults()
})

afterAll(async () => {
  await app?.stop()
  await desk?.close()
})

const button = (action_id: string, more: object = {}) => ({
  type: 'button' as const,
  action_id,
  text: { type: 'plain_text' as const, text: 'Go' },
  value: 'v',
  ...more,
})
const actions = (...elements: ReturnType<typeof button>[]) => [{ type: 'actions' as const, elements }]
const modal = (title: string) => ({
  type: 'modal' as const,
  callback_id: 'why',
  title: { type: 'plain_text' as const, text: title },
  submit: { type: 'plain_text' as const, text: 'Say' },
  blocks: [
    {
      type: 'input' as const,
      block_id: 'reason',
      label: { type: 'plain_text' as const, text: 'Why' },
      element: { type: 'plain_text_input' as const, action_id: 'text' },
    },
  ],
})

interface Delivery {
  envelope_id: string
  delivered: boolean
  took_ms: number
  attempts: number
  payload: { response_action?: string }
}
const act = async (what: string, body: object) =>
  ((await desk.control('POST', `/_${what}`, body)) as { deliveries: Delivery[] }).deliveries
const post = async (blocks: object[] = actions(button('go')), channel = 'C1') =>
  app.client.chat.postMessage({ channel, text: 'Refund', blocks: blocks as never })
const errorOf = (promise: Promise<unknown>) =>
  promise.then(
    () => 'no error',
    ({ data, statusCode }: { data?: { error: string }; statusCode?: number }) => data?.error ?? statusCode,
  )

describe('the workspace answers as Slack does', () => {
  test('a message is posted, updated and there for everybody, one line in the ledger each', async () => {
    const { ts = '', channel = '' } = await post()
    await app.client.chat.update({ channel, ts, text: 'Refunded', blocks: [{ type: 'divider' }] })
    const { messages } = (await desk.control('GET', `/_messages?channel=${channel}`)) as { messages: object[] }
    expect(messages.at(-1)).toMatchObject({ ts, text: 'Refunded', blocks: [{ type: 'divider' }] })
    expect(await desk.effects({ effect: 'message.updated' })).toHaveLength(1)
    expect(await errorOf(app.client.chat.update({ channel, ts: '1.000001', text: 'x' }))).toBe('message_not_found')
  })

  test('what Slack does not draw is refused, with the place', async () => {
    const long = (length: number) => 'x'.repeat(length)
    const many = Array.from({ length: 51 }, () => ({ type: 'divider' }))
    const bad: object[][] = [
      many,
      [{ type: 'section', text: { type: 'mrkdwn', text: long(3_001) } }],
      actions(...Array.from({ length: 26 }, (_, index) => button(`b${index}`))),
      actions(button('go', { value: long(2_001) })),
      actions(button('go', { text: { type: 'plain_text', text: long(76) } })),
      [{ type: 'section', text: { type: 'plain_text', text: '' } }],
    ]
    for (const blocks of bad) expect(await errorOf(post(blocks))).toBe('invalid_blocks')
    expect(await errorOf(post(many.slice(1)))).toBe('no error')
  })

  test('strangers to the API, foreign channels and missing scopes are told so', async () => {
    const { WebClient } = webApi
    const slackApiUrl = `${desk.url}/api/`
    const stranger = new WebClient('xoxb-nobody', { slackApiUrl })
    expect(await errorOf(stranger.auth.test())).toBe('invalid_auth')
    const swapped = new WebClient('xapp-refund-desk', { slackApiUrl })
    expect(await errorOf(swapped.auth.test())).toBe('not_allowed_token_type')
    expect(await errorOf(post(undefined, 'C9'))).toBe('channel_not_found')
    expect(await errorOf(post(undefined, 'C2'))).toBe('not_in_channel')
    const narrow = await openDesk('slack', { SLACK_SCOPES: 'chat:write' })
    const client = new WebClient('xoxb-refund-desk', { slackApiUrl: `${narrow.url}/api/` })
    expect(await errorOf(client.users.info({ user: 'U1' }))).toBe('missing_scope')
    await narrow.close()
  })

  test('people are described as members, guests, deactivated or of another workspace', async () => {
    const info = async (user: string) => (await app.client.users.info({ user })).user
    expect(await info('U1')).toMatchObject({ is_restricted: false, profile: { email: 'ann@example.com' } })
    expect(await info('U2')).toMatchObject({ is_restricted: true, is_ultra_restricted: false })
    const stranger = await info('U3')
    expect(stranger).toMatchObject({ team_id: 'T9', is_stranger: true })
    expect(stranger?.profile?.email).toBeUndefined()
    await desk.control('POST', '/_user', { id: 'U2', deleted: true })
    expect(await info('U2')).toMatchObject({ deleted: true })
    expect((await app.client.users.lookupByEmail({ email: 'ANN@example.com' })).user?.id).toBe('U1')
    const first = await app.client.users.list({ limit: 2 })
    expect(first.members).toHaveLength(2)
    const rest = await app.client.users.list({ cursor: first.response_metadata?.next_cursor ?? '' })
    expect(rest.members).toHaveLength(1)
  })

  test('a direct message is opened once', async () => {
    const open = async () => (await app.client.conversations.open({ users: 'U1' })).channel?.id
    expect(await open()).toBe(await open())
    expect(await errorOf(app.client.conversations.open({ users: 'U9' }))).toBe('user_not_found')
  })

  test('too many calls get 429 with the seconds to wait, which the SDK waits', async () => {
    await desk.plan({ match: 'POST /api/chat.postMessage', mode: 'too-many', times: 1, retry_after_s: 1 })
    const started = performance.now()
    const retrying = new webApi.WebClient('xoxb-refund-desk', {
      slackApiUrl: `${desk.url}/api/`,
    })
    await retrying.chat.postMessage({ channel: 'C1', text: 'in the end' })
    expect(performance.now() - started).toBeGreaterThan(900)
  })
})

describe('what people do reaches the app', () => {
  test('a click brings the value the button carries, and is acknowledged in time', async () => {
    const { ts, channel } = await post()
    const [delivery] = await act('click', { user: 'U1', channel, ts, action_id: 'go' })
    expect(delivery).toMatchObject({ delivered: true, attempts: 1 })
    expect(heard).toEqual([{ action: 'go', value: 'v', user: 'U1' }])
    const [acked] = (await desk.effects({ effect: 'envelope.acked' })).slice(-1)
    expect(acked).toMatchObject({ envelope_id: delivery?.envelope_id, took_ms: delivery?.took_ms })
  })

  test('the same click twice, a forged value and a replayed envelope all arrive', async () => {
    const { ts, channel } = await post()
    await act('click', { user: 'U1', channel, ts, action_id: 'go', times: 2 })
    const [forged] = await act('click', { user: 'U1', channel, ts, action_id: 'go', value: 'forged' })
    await act('replay', { envelope_id: forged?.envelope_id })
    expect(heard.map(({ value }) => value)).toEqual(['v', 'v', 'forged', 'forged'])
  })

  test('what is not acknowledged within 3 s is sent again', async () => {
    const patient = { desk, app }
    desk = await openWorkspace()
    app = await openApp(desk)
    try {
      const { ts, channel } = await post()
      thinkMs = 3_400
      const [delivery] = await act('click', { user: 'U1', channel, ts, action_id: 'go' })
      expect(delivery?.attempts).toBeGreaterThanOrEqual(2)
      expect(delivery?.took_ms).toBeGreaterThan(3_000)
      await expect.poll(() => heard.length).toBe(delivery?.attempts)
    } finally {
      await app.stop()
      await desk.close()
      ;({ desk, app } = patient)
    }
  })

  test('a response URL speaks to the one who clicked', async () => {
    const { ts, channel } = await post(actions(button('go', { value: 'speak' })))
    await act('click', { user: 'U1', channel, ts, action_id: 'go' })
    await expect
      .poll(async () => (await desk.control('GET', '/_ephemerals?user=U1')) as object)
      .toMatchObject({ ephemerals: [{ user: 'U1', text: 'for you' }] })
  })

  test('a modal opens once per trigger, is submitted, corrected, changed and closed', async () => {
    const { ts, channel } = await post(actions(button('ask')))
    await act('click', { user: 'U1', channel, ts, action_id: 'ask' })
    const open = async () =>
      ((await desk.control('GET', '/_views?user=U1')) as { views: { id: string; content: { title: object } }[] }).views
    await expect.poll(async () => (await open()).length).toBe(1)
    const [view] = await open()
    const submit = (text: string) => act('submit', { user: 'U1', view: view?.id, values: { reason: { text } } })
    expect((await submit(''))[0]?.payload).toMatchObject({ response_action: 'errors' })
    expect((await submit('more'))[0]?.payload).toMatchObject({ response_action: 'update' })
    expect((await open())[0]?.content.title).toMatchObject({ text: 'And now?' })
    await submit('because')
    expect(await open()).toEqual([])
    expect(await errorOf(app.client.views.open({ trigger_id: 'x', view: modal('x') }))).toBe('invalid_trigger_id')
  })

  test('a slash command is answered where it was typed', async () => {
    await act('command', { user: 'U1', channel: 'C1', command: '/desk', text: 'hello' })
    await expect
      .poll(async () => JSON.stringify(await desk.control('GET', '/_ephemerals?user=U1')))
      .toContain('you said hello')
  })

  test('a connection that is refreshed is opened anew', async () => {
    await desk.control('POST', '/_refresh', { reason: 'refresh_requested' })
    const { ts, channel } = await post()
    await expect
      .poll(async () => (await act('click', { user: 'U1', channel, ts, action_id: 'go' }))[0]?.delivered, {
        interval: 500,
      })
      .toBe(true)
  })

  test('what happened survives a kill', async () => {
    const { ts, channel } = await post()
    await desk.killAndRestart()
    const { messages } = (await desk.control('GET', `/_messages?channel=${channel}`)) as { messages: { ts: string }[] }
    expect(messages.map((message) => message.ts)).toContain(ts)
  })
})
