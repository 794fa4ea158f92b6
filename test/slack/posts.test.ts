import { webApi } from '@slack/bolt'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { slackPosts } from '../../src/control-plane/slack/slack-posts.js'
import { reasonWords } from '../../src/domain/attention-words.js'
import { recordLook } from '../../src/ledger/queries/record-look.js'
import { keepPosts } from '../../src/slack/posts.js'
import { createSlackWeb } from '../../src/slack/web.js'
import { cancellation, refund } from '../surfaces/http-desk.js'
import { type LostCall, loseCall } from '../surfaces/http-lost-calls.js'
import { openSlackDesk, type SlackDesk, textIn, until } from './slack-desk.js'

let desk: SlackDesk

beforeAll(async () => {
  desk = await openSlackDesk()
  await desk.link('bob', 'UBOB')
  await desk.link('eve', 'UEVE')
})

afterAll(() => desk.close())

const vote = (approval: string, digest: string, kind = 'approve') =>
  desk.http.call('POST', `/v1/approvals/${approval}/votes`, {
    token: desk.http.tokens.bob,
    body: { vote: kind, reason: 'seen elsewhere', envelope_digest: digest },
  })

const digestOf = async (approval: string) =>
  (await desk.http.call('GET', `/v1/approvals/${approval}`, { token: desk.http.tokens.bob })).body.envelope_digest

describe('a message', () => {
  test('changes everywhere once it is decided anywhere: direct messages and channels', async () => {
    const asked = await desk.ask('p-1')
    for (const to of ['person:bob', 'person:eve', '#finance']) await desk.deliver(asked, to)
    await vote(asked.approval, await digestOf(asked.approval), 'reject')
    for (const where of ['user=UBOB', 'user=UEVE', 'channel=C1'])
      await until(async () => textIn((await desk.messages(where)).at(-1)).includes('Rejected: Subscription sub_1'))
    await desk.http.end(asked.action, 'rejected', 'EXQ-4007 rejected')
    await until(async () => textIn(await desk.newest('UBOB')).includes('EXQ-4007'))
    for (const message of [await desk.newest('UBOB'), await desk.newest('UEVE')])
      expect(JSON.stringify(message)).not.toContain('action_id')
  })

  test('says that it was asked for anew, and not that it was approved, once something is amended', async () => {
    const asked = await desk.ask('p-7')
    await desk.deliver(asked, 'person:bob')
    const body = {
      step: 'step1',
      args: { subscription_id: 'sub_7' },
      reason: 'the other one',
      envelope_digest: await digestOf(asked.approval),
    }
    const path = `/v1/approvals/${asked.approval}/amendments`
    expect((await desk.http.call('POST', path, { token: desk.http.tokens.bob, body })).status).toBe(200)
    await until(async () => textIn(await desk.newest('UBOB')).includes('Being sealed anew: Subscription sub_1'))
    await desk.http.askPeople({ id: asked.action }, 60_000, 2)
    await until(async () => textIn(await desk.newest('UBOB')).includes('Asked for anew: Subscription sub_1'))
    expect(textIn(await desk.newest('UBOB'))).not.toContain('Approved')
  })

  test('changes when a vote is taken back, and when somebody else may stand in', async () => {
    const asked = await desk.ask('p-6', 60_000, { escalations: [{ group: 'finance', to: 'security', afterMs: 1_000 }] })
    await desk.deliver(asked, 'person:bob')
    await desk.click('UBOB', await desk.newest('UBOB'), 'approve')
    await until(async () => textIn(await desk.newest('UBOB')).includes('Votes'))
    expect(JSON.stringify(await desk.newest('UBOB'))).toContain('exequatur-reject')
    await vote(asked.approval, await digestOf(asked.approval), 'withdraw')
    await until(async () => textIn(await desk.newest('UBOB')).includes('withdraw'))
    await until(async () => textIn(await desk.newest('UBOB')).includes('security may stand for finance since'))
  })

  test('is posted once for each delivery, however often it is delivered', async () => {
    const asked = await desk.ask('p-2')
    const before = (await desk.messages('user=UBOB')).length
    const again = { id: 'del_again' }
    await Promise.all([desk.deliver(asked, 'person:bob', again), desk.deliver(asked, 'person:bob', again)])
    await desk.deliver(asked, 'person:bob', again)
    expect(await desk.messages('user=UBOB')).toHaveLength(before + 1)
  })

  test.each(['approve', 'reject', 'details'])(
    'a copy that nobody remembers is taken care of from the first click on: %s',
    async (button) => {
      const asked = await desk.ask(`p-3-${button}`)
      await desk.deliver(asked, 'person:bob')
      const { blocks } = await desk.newest('UBOB')
      const copy = await fetch(`${desk.options.apiUrl}chat.postMessage`, {
        method: 'POST',
        headers: { authorization: 'Bearer xoxb-refund-desk', 'content-type': 'application/json' },
        body: JSON.stringify({ channel: 'C1', text: 'lost', blocks }),
      })
      const { ts } = (await copy.json()) as { ts: string }
      await desk.click('UBOB', { channel: 'C1', ts }, button)
      const lost = async () => (await desk.messages('channel=C1')).find((message) => message.ts === ts)
      if (button !== 'approve') await vote(asked.approval, await digestOf(asked.approval))
      await until(async () =>
        textIn(await lost()).includes(`by person:bob (${button === 'approve' ? 'slack' : 'http'})`),
      )
    },
  )

  test('is drawn from one look at the action, however many copies there are', async () => {
    const own = await openSlackDesk()
    await own.link('bob', 'UBOB')
    const [one, other] = [await own.ask('p-8', 3_600_000), await own.ask('p-9', 3_600_000)]
    for (const asked of [one, other, one]) for (const to of ['person:bob', '#finance']) await own.deliver(asked, to)
    const { plane } = own.http
    const looked: string[] = []
    const { authorities } = plane
    const current = (tenant: string) => {
      looked.push(tenant)
      return authorities.current(tenant)
    }
    const counting = { ...plane, authorities: { ...authorities, current } }
    const client = new webApi.WebClient('xoxb-refund-desk', { slackApiUrl: own.options.apiUrl })
    const deps = { plane: counting, web: createSlackWeb(client), options: own.options }
    const posts = keepPosts(deps, own.logger, 3_600_000)
    await until(async () => looked.length > 0)
    await posts.stop()
    expect(await slackPosts(plane, 'acme').open(null)).toHaveLength(6)
    looked.length = 0
    await posts.redraw(null)
    expect(looked).toHaveLength(2)
    await own.close()
  })

  test('about what needs attention says who decided, or that it was settled meanwhile, and is left alone after the end', async () => {
    const { http } = desk
    const [settled, decided] = [await loseCall(http, cancellation('p-10')), await loseCall(http, cancellation('p-11'))]
    const deliver = ({ attention, action }: LostCall, to: string) =>
      desk.deliver({ action, approval: '' }, to, { about: { kind: 'attention', id: attention } })
    const shown = async ({ attention }: LostCall) =>
      textIn((await desk.messages('user=UBOB')).find((message) => textIn(message).includes(attention)))
    for (const each of [settled, decided]) {
      await deliver(each, 'person:bob')
      expect(await shown(each)).toContain('Needs attention: Subscription sub_1')
      expect(await shown(each)).toContain(reasonWords.unknown)
    }
    const finding = { found: 'committed', detail: null, claimed: null, observed: null, output: null } as const
    await recordLook(http.database.executorPool, settled.call, finding, { tookMs: 0, settles: true })
    const path = `/v1/attention/${decided.attention}`
    const { state_digest } = (await http.call('GET', path, { token: http.tokens.bob })).body
    const body = { choice: 'attempt-again', reason: 'nothing there', state_digest }
    expect((await http.call('POST', `${path}/resolutions`, { token: http.tokens.bob, body })).status).toBe(200)
    await until(async () => (await shown(settled)).includes('Settled meanwhile: Subscription sub_1'))
    await until(async () => (await shown(decided)).includes('Decided: Subscription sub_1'))
    expect(await shown(settled)).not.toContain('Open in the inbox')
    // Whoever was not told before hears nothing of it.
    await deliver(settled, '#finance')
    expect((await desk.messages('channel=C1')).map(textIn).join()).not.toContain(settled.attention)
    const openPosts = async ({ action }: LostCall) => (await slackPosts(http.plane, 'acme').open(action)).length
    expect(await openPosts(settled)).toBe(1)
    await http.end(settled.action, 'succeeded', 'Done.')
    await until(async () => (await openPosts(settled)) === 0)
    expect(await shown(settled)).toContain('Settled meanwhile')
  })

  test('shows what an agent writes as it is, and nothing of it acts', async () => {
    const hostile =
      'Hi <!channel> <@U1> <http://evil.example|fine> *bold* _it_ ~no~ `code` :bomb: &lt;!here&gt; zero\u200bwidth'
    const { body } = await desk.http.submit(
      refund('p-4', { args: { customer_message: hostile }, context: { reason: hostile, requires_approval: true } }),
    )
    expect(body.id).toBeDefined()
    const approval = await desk.http.askPeople(body)
    await desk.deliver({ action: body.id, approval }, 'person:bob')
    const message = await desk.newest('UBOB')
    expect(textIn(message)).toContain('<!channel> <@U1> <http://evil.example|fine> *bold*')
    expect(message.text).not.toMatch(/[<>]/)
    expect(JSON.stringify(message)).not.toContain('mrkdwn')
    expect(JSON.stringify(message)).not.toContain('\u200b')
    const types: unknown[] = []
    JSON.stringify(message.blocks, (key, value) => {
      if (key === 'type') types.push(value)
      if (key === 'emoji') expect(value).toBe(false)
      return value
    })
    for (const type of ['link', 'user', 'broadcast', 'usergroup', 'channel', 'emoji', 'mrkdwn', 'image'])
      expect(types).not.toContain(type)
  })

  test('of what is riskier than a click may approve leads to the inbox, and a forged click approves nothing', async () => {
    const strict = await openSlackDesk({
      plane: { surfaceRules: { slackUpTo: 'low', inboxUpTo: 'low', unaskedUpTo: 'low' } },
    })
    await strict.link('bob', 'UBOB')
    const asked = await strict.ask('p-5')
    await strict.deliver(asked, 'person:bob')
    const message = await strict.newest('UBOB')
    expect(JSON.stringify(message)).not.toContain('exequatur-approve')
    expect(textIn(message)).toContain('Approve in the inbox')
    const links = message.blocks.flatMap(({ elements = [] }) => elements.flatMap(({ url }) => url ?? []))
    expect(links).toEqual([`http://localhost:7400/inbox/approvals/${asked.approval}`, `http://ui/acme/${asked.action}`])
    expect((await strict.click('UBOB', message, 'open-inbox'))[0]).toMatchObject({ delivered: true })
    const reject = message.blocks
      .flatMap(({ elements = [] }) => elements)
      .find(({ action_id }) => action_id === 'exequatur-reject')
    const forged = [
      {
        type: 'actions',
        block_id: 'b',
        elements: [{ type: 'button', action_id: 'exequatur-approve', text: {}, value: reject?.value }],
      },
    ]
    await strict.click('UBOB', message, 'approve', { blocks: forged })
    await until(async () => (await strict.said('UBOB')).some((text) => text.includes('EXQ-4050')))
    expect(await strict.votes(asked.approval)).toEqual([])
    await strict.close()
  })
})

describe('while Slack is away', () => {
  test('decisions go on elsewhere, and what was missed is posted and drawn anew afterwards, over a restart too', async () => {
    const before = await desk.ask('o-1')
    await desk.deliver(before, 'person:bob')
    const { ts } = await desk.newest('UBOB')
    await desk.workspace.plan({ match: 'POST /api/chat.update', mode: 'unavailable' })
    await desk.workspace.plan({ match: 'POST /api/chat.postMessage', mode: 'hang-before-applying' })
    expect((await vote(before.approval, await digestOf(before.approval), 'reject')).status).toBe(200)
    const posts = () => desk.workspace.calls('POST /api/chat.postMessage')
    const posted = await posts()
    const missed = await desk.ask('o-2')
    const late = desk.deliver(missed, 'person:bob').then(
      () => 'delivered',
      (error: Error) => error.message,
    )
    await until(async () => (await posts()) > posted)
    await desk.workspace.clearFaults()
    await desk.slack.stop()
    const again = await openSlackDesk({ http: desk.http, workspace: desk.workspace })
    const seen = async () => (await again.messages('user=UBOB')).find((message) => message.ts === ts)
    await until(async () => textIn(await seen()).includes('Rejected: Subscription sub_1'))
    expect(await late).toBe('Slack: no answer')
    await again.deliver(missed, 'person:bob', { id: 'del_missed' })
    expect(textIn(await again.newest('UBOB'))).toContain('for o-2')
    await again.slack.stop()
  })

  test('it is asked to come again later, and is: no call is made before that', async () => {
    const own = await openSlackDesk()
    await own.link('bob', 'UBOB')
    const asked = await own.ask('o-3')
    await own.workspace.plan({ match: 'POST /api/chat.postMessage', mode: 'too-many', times: 1, retry_after_s: 2 })
    const started = performance.now()
    for (;;) {
      const failure = await own
        .deliver(asked, 'person:bob', { id: 'del_limited' })
        .catch((error: Error) => error.message)
      if (failure === undefined) break
      expect(failure).toBe('Slack: ratelimited')
      await new Promise((done) => setTimeout(done, 100))
    }
    expect(performance.now() - started).toBeGreaterThan(1_900)
    expect(await own.workspace.calls('POST /api/chat.postMessage')).toBe(2)
    await own.close()
  })

  test('a connection that ends at once, again and again, is opened anew later and later, and lasts in the end', async () => {
    const own = await openSlackDesk()
    await own.link('bob', 'UBOB')
    const failures = () =>
      own.logged.flatMap((line) => {
        const { reason, failures: count } = JSON.parse(line) as { reason?: string; failures?: number }
        return reason === 'the connection ended at once' && count !== undefined ? [count] : []
      })
    await own.workspace.control('POST', '/_fleeting', { fleeting: true })
    await until(async () => failures().length >= 3, 30_000)
    for (const [index, count] of failures().entries()) expect(count).toBeGreaterThan(failures()[index - 1] ?? 0)
    await own.workspace.control('POST', '/_fleeting', { fleeting: false })
    const asked = await own.ask('o-7')
    await own.deliver(asked, 'person:bob')
    const message = await own.newest('UBOB')
    await until(async () => (await own.click('UBOB', message, 'approve'))[0]?.delivered === true, 30_000)
    await until(async () => (await own.votes(asked.approval)).length === 1)
    await own.close()
  }, 90_000)

  test('a connection that breaks is opened anew, and nothing of ours ends', async () => {
    const own = await openSlackDesk()
    await own.link('bob', 'UBOB')
    const asked = await own.ask('o-4')
    await own.deliver(asked, 'person:bob')
    await own.workspace.control('POST', '/_refresh', { reason: 'refresh_requested' })
    const message = await own.newest('UBOB')
    await until(async () => (await own.click('UBOB', message, 'approve'))[0]?.delivered === true)
    await until(async () => (await own.votes(asked.approval)).length === 1)
    expect(own.logged.join('')).not.toMatch(/xox|xapp|ticket=[0-9a-f]/)
    await own.close()
  })
})

describe('a message that Slack does not take', () => {
  test('is said in short, with the way to the rest, and drawn anew like any other', async () => {
    const own = await openSlackDesk({ plane: { uiLink: () => `https://ui.example/${'x'.repeat(3_000)}` } })
    await own.link('bob', 'UBOB')
    const asked = await own.ask('o-6')
    await own.deliver(asked, 'person:bob')
    const message = await own.newest('UBOB')
    expect(textIn(message)).toContain('Approval needed: Subscription sub_1')
    expect(message.blocks.flatMap(({ elements = [] }) => elements)).toMatchObject([
      { url: `http://localhost:7400/inbox/approvals/${asked.approval}` },
    ])
    await own.http.call('POST', `/v1/actions/${asked.action}/cancel`, {
      token: own.http.tokens.desk,
      body: { reason: 'no more' },
    })
    await until(async () => textIn(await own.newest('UBOB')).includes('Cancelled: Subscription sub_1'))
    await own.close()
  })
})

describe('what makes no sense', () => {
  test('is passed over, whatever comes over the connection: nothing of ours ends, and clicks go on', async () => {
    const own = await openSlackDesk()
    await own.link('bob', 'UBOB')
    const unhandled: unknown[] = []
    const note = (error: unknown) => unhandled.push(error)
    process.on('unhandledRejection', note)
    const senseless = [
      { type: 'events_api', payload: {} },
      { type: 'events_api', payload: null },
      { type: 'interactive', payload: null },
      { type: 'ws_message', payload: {} },
    ]
    const sent = senseless.map((envelope) => own.act('envelope', envelope))
    const asked = await own.ask('o-5')
    await own.deliver(asked, 'person:bob')
    await own.click('UBOB', await own.newest('UBOB'), 'approve')
    await until(async () => (await own.votes(asked.approval)).length === 1)
    expect((await Promise.all(sent)).flat().map(({ delivered }) => delivered)).toEqual(senseless.map(() => false))
    process.off('unhandledRejection', note)
    expect(unhandled).toEqual([])
    await own.close()
  })
})

describe('a click is acknowledged before the ledger is asked', () => {
  test('also while that is slow, and decided once it answers', async () => {
    const own = await openSlackDesk()
    await own.link('bob', 'UBOB')
    const asked = await own.ask('a-1')
    await own.deliver(asked, 'person:bob')
    const message = await own.newest('UBOB')
    const slow = new pg.Client({ connectionString: own.http.database.ownerUrl })
    await slow.connect()
    await slow.query('begin; lock table votes, actions, envelopes in access exclusive mode')
    const clicked = [
      ...(await own.click('UBOB', message, 'approve')),
      ...(await own.click('UBOB', message, 'details')),
    ].map(({ envelope_id }) => envelope_id)
    const acked = await own.workspace.effects({ effect: 'envelope.acked' })
    expect(acked.map(({ envelope_id }) => envelope_id)).toEqual(clicked)
    await until(async () => textIn(await own.views('UBOB')).includes('Looking ...'))
    const held = `select from pg_locks join pg_database on oid = database where datname = current_database() and not granted`
    await until(async () => (await slow.query(held)).rowCount !== 0)
    await slow.query('commit')
    await slow.end()
    await until(async () => (await own.votes(asked.approval)).length === 1)
    await until(async () => textIn(await own.views('UBOB')).includes('If approved'))
    await own.close()
  })
})
