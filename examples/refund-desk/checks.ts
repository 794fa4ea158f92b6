import { join } from 'node:path'
import type { EffectCount, Scratch, ToolCheck, ToolChecks } from 'exequatur'
import pg from 'pg'
import { setUpFlags } from './downstream/set-up-flags.js'
import { type RunningStandIn, startStandIn } from './stand-ins/start-stand-in.js'

/** How each tool of the desk is checked: against the stand-ins, whose own books say what happened. */
export async function refundDeskChecks(scratch: Scratch): Promise<ToolChecks> {
  const [billing, tracker] = (await Promise.all(
    (['billing', 'tracker'] as const).map((name) =>
      startStandIn(name, { ledger: join(scratch.folder, `${name}.jsonl`) }),
    ),
  )) as [RunningStandIn, RunningStandIn]
  const database = await scratch.database()
  const flagsAdminUrl = await setUpFlags(database, [])
  const flags = new pg.Client({ connectionString: database })
  flags.on('error', () => undefined)
  await flags.connect()

  const stripe = {
    env: { STRIPE_API_KEY: 'sk_test_refund_desk', STRIPE_API_BASE: billing.url },
    relay: ['STRIPE_API_BASE'],
  }
  const agent = { name: 'support_refunds_v2' }
  let made = 0
  const next = () => {
    made += 1
    return `check_${process.pid}_${made}`
  }
  const freshInvoice = async () => {
    const id = `in_${next()}`
    await ask(billing, 'POST', '/_seed', { invoices: [{ id, customer: 'cus_check', amount_paid: 5_000 }] })
    return id
  }

  const tools: Record<string, ToolCheck> = {
    get_invoice: {
      agent,
      input: async () => ({ invoice_id: await freshInvoice() }),
      world: { ...stripe, effects: async () => (await effectsIn(billing, {})).length },
    },
    refund_invoice: {
      agent,
      input: async () => ({ invoice_id: await freshInvoice(), reason_code: 'goodwill', amount_cents: 2_000 }),
      world: {
        ...stripe,
        effects: ({ invoice_id }) =>
          count(billing, { invoice: String(invoice_id) }, 'refund.created', 'refund.canceled'),
      },
    },
    pause_subscription: {
      agent,
      input: async () => {
        const id = `sub_${next()}`
        await ask(billing, 'POST', '/_seed', { subscriptions: [{ id, customer: 'cus_check' }] })
        return { subscription_id: id }
      },
      world: {
        ...stripe,
        effects: ({ subscription_id }) =>
          count(billing, { id: String(subscription_id) }, 'subscription.paused', 'subscription.resumed'),
      },
    },
    delete_customer: {
      agent: { name: 'privacy_officer_bot' },
      input: async () => {
        const id = `cus_${next()}`
        await ask(billing, 'POST', '/_seed', { customers: [{ id }] })
        return { customer_id: id }
      },
      world: {
        ...stripe,
        effects: async ({ customer_id }) =>
          (await effectsIn(billing, { effect: 'customer.deleted', id: String(customer_id) })).length,
      },
    },
    create_jira_ticket: {
      agent,
      input: () => ({ project_key: 'DESK', summary: `Check ${next()}` }),
      world: {
        env: {
          TRACKER_URL: tracker.url,
          TRACKER_EMAIL: 'desk@example.com',
          TRACKER_TOKEN: 'tracker_token_refund_desk',
        },
        relay: ['TRACKER_URL'],
        effects: ({ summary }) => count(tracker, { summary: String(summary) }, 'issue.created', 'issue.deleted'),
      },
    },
    set_feature_flag: {
      agent,
      input: async () => {
        const flag = `refunds_${next()}`
        await flags.query('insert into flags.feature_flags (name) values ($1)', [flag])
        return { flag, enabled: true }
      },
      world: {
        env: { FLAGS_ADMIN_URL: flagsAdminUrl },
        relay: ['FLAGS_ADMIN_URL'],
        effects: async ({ flag }) => {
          const { rows } = await flags.query<EffectCount>(
            `select count(*) filter (where undoes is null)::int as made, count(undoes)::int as undone
               from flags.changes where flag = $1`,
            [flag],
          )
          return rows[0] ?? { made: 0 }
        },
      },
    },
  }
  return {
    tools,
    close: async () => {
      await flags.end()
      await Promise.all([billing.stop(), tracker.stop()])
    },
  }
}

async function count(
  standIn: RunningStandIn,
  wanted: Record<string, string>,
  made: string,
  undone: string,
): Promise<EffectCount> {
  const found = (await effectsIn(standIn, wanted)).map(({ effect }) => effect)
  const of = (name: string) => found.filter((effect) => effect === name).length
  return { made: of(made), undone: of(undone) }
}

async function effectsIn(standIn: RunningStandIn, wanted: Record<string, string>): Promise<{ effect: string }[]> {
  const answer = await ask(standIn, 'GET', `/_effects?${new URLSearchParams(wanted)}`)
  return (answer as { effects: { effect: string }[] }).effects
}

async function ask({ url }: RunningStandIn, method: string, path: string, body?: object): Promise<unknown> {
  const answer = await fetch(url + path, { method, ...(body && { body: JSON.stringify(body) }) })
  if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${await answer.text()}`)
  return answer.json()
}
