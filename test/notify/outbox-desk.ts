import pg from 'pg'
import { makeDeliveries } from '../../src/control-plane/deliveries/make-deliveries.js'
import { routeNotices } from '../../src/control-plane/deliveries/route-notices.js'
import { createPrincipal } from '../../src/control-plane/principals.js'
import type { RoutingRules } from '../../src/domain/routing.js'
import type { Channel, Delivery } from '../../src/notify/channel.js'
import { cancellation, openHttpDesk } from '../surfaces/http-desk.js'

const toEach: RoutingRules = { default: [], groups: { finance: ['slack'] } }

/** A desk whose finance people, bob and fay, are told of what they are asked; each round is made when the test says so. */
export async function openOutboxDesk() {
  const desk = await openHttpDesk()
  const create = { tenant: 'acme', kind: 'person', name: 'fay', groups: ['finance'], by: 'test' } as const
  const { token: fay } = await createPrincipal(desk.plane, { ...create, owner: undefined })
  const pool = desk.plane.pool.of('acme')
  let asked = 0
  return {
    ...desk,
    fay,
    rows: async (what: string, values: readonly unknown[] = []) => (await pool.query(what, values)).rows,
    /** Asks finance to approve something. */
    ask: async (rules = {}) => {
      asked += 1
      const { body } = await desk.submit(cancellation(`told-${asked}`))
      const approval = await desk.askPeople(body, 60_000, 1, rules)
      return { id: body.id as string, approval }
    },
    vote: async (approval: string, token: string | undefined, vote = 'approve') => {
      const { body } = await desk.call('GET', `/v1/approvals/${approval}`, { token })
      const wish = { vote, reason: 'seen', envelope_digest: body.envelope_digest }
      return desk.call('POST', `/v1/approvals/${approval}/votes`, { token, body: wish })
    },
    /** Notes that bob and fay are to be asked the same once more. */
    askOnceMore: ({ id, approval }: { readonly id: string; readonly approval: string }) =>
      pool.query(
        `insert into notices (tenant, approval_id, action_id, kind, ordinal, recipients)
         values ('acme', $1, $2, 'asked', 2, '{person:bob,person:fay}')`,
        [approval, id],
      ),
    /** A connection of the owner of the ledger. */
    owner: async () => {
      const client = new pg.Client({ connectionString: desk.database.ownerUrl })
      await client.connect()
      return client
    },
    route: (rules: RoutingRules = toEach) => routeNotices(desk.plane, rules, 'acme'),
    /** In several lanes; resolves to how many arrived. */
    send: async (channel: Channel, times?: Parameters<typeof makeDeliveries>[2]['times']) => {
      const outgoing = { tenant: 'acme', stopped: () => false, ...(times && { times }) }
      const arrived = await Promise.all(Array.from({ length: 4 }, () => makeDeliveries(desk.plane, channel, outgoing)))
      return arrived.reduce((sum, each) => sum + each)
    },
    /** Lets what waits for its next try have its turn. */
    hurry: () => pool.query(`update deliveries set next_at = now() where state = 'pending'`),
    /** Forgets everything that was to be told before. */
    settle: async () => {
      await routeNotices(desk.plane, { default: [], groups: {} }, 'acme')
      await pool.query(`update deliveries set state = 'moot', ended_at = now() where state in ('pending', 'given-up')`)
    },
  }
}

export type OutboxDesk = Awaited<ReturnType<typeof openOutboxDesk>>

/** A channel that keeps what it is given. */
export function recordingChannel(before: (delivery: Delivery) => Promise<void> | void = () => undefined) {
  const got: Delivery[] = []
  const channel: Channel = {
    name: 'slack',
    deliver: async (delivery) => {
      await before(delivery)
      got.push(delivery)
    },
  }
  return { channel, got, told: () => got.map(({ to, notice, about }) => `${to} ${notice} ${about.id}`) }
}
