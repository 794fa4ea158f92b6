import { Writable } from 'node:stream'
import { pino } from 'pino'
import { linkAccount } from '../../src/control-plane/accounts.js'
import type { ControlPlane } from '../../src/control-plane/control-plane.js'
import type { ApprovalRules } from '../../src/domain/escalation.js'
import { usualSurfaceRules } from '../../src/domain/surface-rules.js'
import type { Delivery } from '../../src/notify/channel.js'
import type { SlackOptions } from '../../src/slack/options.js'
import { startSlack } from '../../src/slack/start.js'
import { type Desk, openDesk } from '../example/desk.js'
import { cancellation, type HttpDesk, openHttpDesk } from '../surfaces/http-desk.js'

const team = 'T0DESK'

export interface Delivered {
  readonly envelope_id: string
  readonly delivered: boolean
  readonly took_ms: number
  readonly attempts: number
  readonly payload: { readonly response_action?: string }
}

export interface Message {
  readonly channel: string
  readonly ts: string
  readonly text: string
  readonly blocks: readonly {
    readonly block_id: string
    readonly elements?: readonly { readonly action_id?: string; readonly value?: string; readonly url?: string }[]
  }[]
  readonly edited: string | null
}

/** A message that one person sees; `replaces`: in place of the one that they clicked. */
interface Ephemeral extends Message {
  readonly replaces: boolean
}

/** The people of the workspace; all but the last three are full members of it. */
const users = [
  { id: 'UBOB', name: 'bob', email: 'bob@example.com' },
  { id: 'UANN', name: 'ann', email: 'ann@example.com' },
  { id: 'UEVE', name: 'eve', email: 'eve@example.com' },
  { id: 'UCAT', name: 'cat', email: 'cat@example.com', email_confirmed: 'no' },
  { id: 'UGUS', name: 'gus', kind: 'guest' },
  { id: 'USLY', name: 'sly', kind: 'stranger', team_id: 'T9OTHER' },
  { id: 'UZED', name: 'zed' },
]

/** A plane on a real ledger, the real Bolt, and a workspace that is a process of its own. */
export type SlackDesk = Awaited<ReturnType<typeof openSlackDesk>>

export async function openSlackDesk(
  options: {
    readonly slack?: Partial<SlackOptions>
    readonly plane?: Partial<ControlPlane>
    readonly http?: HttpDesk
    readonly workspace?: Desk
  } = {},
) {
  const workspace = options.workspace ?? (await openDesk('slack'))
  await workspace.seed({ users, channels: [{ id: 'C1', name: 'finance' }] })
  // What the tests ask for is of high risk: it is approved by a click only where the configuration says so.
  const surfaceRules = { ...usualSurfaceRules, slackUpTo: 'high' } as const
  const http = options.http ?? (await openHttpDesk({}, undefined, { surfaceRules, ...options.plane }))
  const logged: string[] = []
  const logger = pino({ level: 'info' }, logInto(logged))
  const slackOptions: SlackOptions = {
    botToken: 'xoxb-refund-desk',
    appToken: 'xapp-refund-desk',
    team,
    tenant: 'acme',
    channels: { '#finance': 'C1' },
    personByEmail: new Map(),
    apiUrl: `${workspace.url}/api/`,
    ...options.slack,
  }
  const slack = startSlack(http.plane, slackOptions, logger, 1_000)
  let deliveries = 0
  const act = async (gesture: string, body: object) =>
    ((await workspace.control('POST', `/_${gesture}`, body)) as { deliveries: Delivered[] }).deliveries
  const messages = async (where: string) =>
    ((await workspace.control('GET', `/_messages?${where}`)) as { messages: Message[] }).messages
  const desk = {
    http,
    workspace,
    slack,
    logged,
    options: slackOptions,
    logger,
    link: (person: string, user: string) =>
      linkAccount(http.plane, {
        tenant: 'acme',
        principal: `person:${person}`,
        issuer: `slack:${team}`,
        subject: user,
        by: 'test',
      }),
    /** An agent asks for something of high risk; resolves to the action and the approval request. */
    ask: async (request_id: string, ttlMs = 60_000, rules: Partial<ApprovalRules> = {}) => {
      const { body } = await http.submit(cancellation(request_id))
      return { action: body.id as string, approval: await http.askPeople(body, ttlMs, 1, rules) }
    },
    deliver: ({ action, approval }: { action: string; approval: string }, to: string, more: Partial<Delivery> = {}) => {
      deliveries += 1
      return slack.channel.deliver({
        tenant: 'acme',
        id: `del_${deliveries}`,
        about: { kind: 'approval', id: approval },
        action_id: action,
        notice: 'asked',
        ordinal: 1,
        noticed_at: '2026-01-01T00:00:00.000Z',
        closed_as: null,
        to,
        recipients: to.startsWith('person:') ? [to] : [],
        ...more,
      })
    },
    messages,
    /** The newest message somebody has from us. */
    newest: async (user: string) => (await messages(`user=${user}`)).at(-1) as Message,
    said: async (user: string) =>
      ((await workspace.control('GET', `/_ephemerals?user=${user}`)) as { ephemerals: Message[] }).ephemerals.map(
        textIn,
      ),
    ephemerals: async (user: string) =>
      ((await workspace.control('GET', `/_ephemerals?user=${user}`)) as { ephemerals: Ephemeral[] }).ephemerals,
    views: async (user: string) =>
      (
        (await workspace.control('GET', `/_views?user=${user}`)) as {
          views: { id: string; content: { blocks: object[]; title: { text: string } } }[]
        }
      ).views,
    act,
    click: (user: string, { channel, ts }: Pick<Message, 'channel' | 'ts'>, button: string, more: object = {}) =>
      act('click', { user, channel, ts, action_id: `exequatur-${button}`, ...more }),
    votes: async (approval: string) => {
      const { body } = await http.call('GET', `/v1/approvals/${approval}`, { token: http.tokens.bob })
      return body.votes as { approver: string; vote: string; method: string; counts: boolean; reason: string }[]
    },
    connected: async () =>
      ((await workspace.control('GET', '/_connections')) as { connections: number }).connections > 0,
    close: async () => {
      await slack.stop()
      await workspace.close()
      if (!options.http) await http.close()
    },
  }
  await until(desk.connected)
  return desk
}

function logInto(lines: string[]): Writable {
  return new Writable({
    write: (line, _encoding, done) => {
      lines.push(String(line))
      done()
    },
  })
}

/** All that can be read in a drawing: without what keeps words of others from turning round those of ours, and is not seen. */
export function textIn(drawing: unknown): string {
  const texts: string[] = []
  JSON.stringify(drawing, (key, value) => {
    if ((key === 'text' || key === 'fallback') && typeof value === 'string') texts.push(value)
    return value
  })
  return texts.join('\n').replace(/[\u2068\u2069]/g, '')
}

export async function until(holds: () => Promise<boolean>, withinMs = 60_000): Promise<void> {
  const deadline = performance.now() + withinMs
  while (!(await holds())) {
    if (performance.now() > deadline) throw new Error(`waited in vain until ${holds}`)
    await new Promise((done) => setTimeout(done, 50))
  }
}
