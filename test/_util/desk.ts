import { join, resolve } from 'node:path'
import { clearHome } from 'exequatur/dev'
import pg from 'pg'
import { type Action, type Answer, connect, type DeskClient } from '../../examples/refund-desk/demo/desk-client.js'
import { effectsIn } from '../../examples/refund-desk/demo/effects.js'
import { type TemporalCli, temporalCli } from '../../examples/refund-desk/demo/temporal-cli.js'
import { type Desk, type DeskOptions, openDesk } from '../../examples/refund-desk/desk.js'
import { twoFreePorts } from '../../src/dev/ports.js'
import type { VoteKind } from '../../src/domain/approval.js'
import type { Choice } from '../../src/domain/attention.js'
import { signWithKeys } from './sign-with-keys.js'

export type { Action, Answer }

/** The refund desk on the real stack, in a fresh home, with everything a test looks at. */
export interface TestDesk extends Desk {
  readonly agent: DeskClient
  readonly person: (name: string) => DeskClient
  readonly cli: TemporalCli
  /** Rows of the ledger, as its owner sees them. */
  readonly rows: <Row = Record<string, unknown>>(sql: string, values?: readonly unknown[]) => Promise<Row[]>
  /** Effects that the billing system counted, by kind and invoice. */
  readonly refunds: (invoice: string) => Promise<number>
  readonly fault: (system: 'billing' | 'tracker', fault: Record<string, unknown>) => Promise<void>
  /** A paid invoice that nothing else refunds. */
  readonly invoice: (amount_paid?: number) => Promise<string>
  /** Somebody gives money back without asking us. */
  readonly refundElsewhere: (invoice: string, amount: number) => Promise<void>
  readonly approve: (action: Action, name: string, vote?: 'approve' | 'reject') => Promise<Answer<unknown>>
  /** Decides what a machine may not settle, as it stands now. */
  readonly resolve: (attention: string, name: string, choice: Choice) => Promise<Answer<unknown>>
  /** Votes with the person's own key, which is registered when it is first used. */
  readonly sign: (action: Action, name: string, vote?: VoteKind) => Promise<Answer<unknown>>
  /** Next time the person signs with a new key; resolves to the id of the one before. */
  readonly renewKey: (name: string) => Promise<string>
}

const cache = resolve(process.env.EXEQUATUR_HOME || '.exequatur')

export async function openTestDesk(name: string, options: Partial<DeskOptions> = {}): Promise<TestDesk> {
  const home = join(cache, 'test', name)
  await clearHome(home)
  // Ports nobody else asks for, as several desks start at the same time.
  const [temporal, temporalUi] = await twoFreePorts()
  const ports = { api: 0, temporal, temporalUi }
  const desk = await openDesk({ home, cache, say: () => undefined, ports, slack: false, ...options })
  const client = new pg.Client({ connectionString: desk.dev.database_url })
  await client.connect()
  const person = (who: string) => connect(desk.dev, desk.dev.tokens.people[who] ?? '')
  const signing = signWithKeys(person)
  let invoices = 0
  const billing = async (path: string, body: string, headers: Record<string, string>) => {
    const answer = await fetch(`${desk.billing.url}${path}`, { method: 'POST', headers, body })
    if (!answer.ok) throw new Error(await answer.text())
  }
  return {
    ...desk,
    ...signing,
    agent: connect(desk.dev, desk.dev.tokens.agents.support_refunds_v2 ?? ''),
    person,
    cli: temporalCli(desk.stack),
    rows: async <Row>(sql: string, values: readonly unknown[] = []) =>
      (await client.query(sql, [...values])).rows as Row[],
    refunds: async (invoice) =>
      (await effectsIn(desk.billing.ledger)).filter(
        (line) => line.effect === 'refund.created' && line.invoice === invoice,
      ).length,
    fault: async (system, fault) => {
      const answer = await fetch(`${desk[system].url}/_faults`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(fault),
      })
      if (!answer.ok) throw new Error(await answer.text())
    },
    invoice: async (amount_paid = 1_000_000) => {
      invoices += 1
      const id = `in_own_${invoices}`
      const seeds = { invoices: [{ id, customer: 'cus_2', amount_paid }], customers: [], subscriptions: [] }
      await billing('/_seed', JSON.stringify(seeds), { 'content-type': 'application/json' })
      return id
    },
    refundElsewhere: (invoice, amount) =>
      billing('/v1/refunds', `payment_intent=pi_${invoice.replace('in_', '')}&amount=${amount}`, {
        authorization: 'Bearer sk_test_refund_desk',
        'content-type': 'application/x-www-form-urlencoded',
      }),
    approve: (action, who, vote = 'approve') =>
      person(who).post(`/v1/approvals/${action.approval?.id}/votes`, {
        vote,
        reason: 'looked at it',
        envelope_digest: action.approval?.envelope_digest,
      }),
    resolve: async (attention, who, choice) => {
      const { body } = await person(who).get<{ state_digest: string }>(`/v1/attention/${attention}`)
      const { state_digest } = body
      return person(who).post(`/v1/attention/${attention}/resolutions`, {
        choice,
        reason: 'looked at it',
        evidence: 'seen there',
        state_digest,
      })
    },
    close: async () => {
      await client.end()
      await desk.close()
    },
  }
}

/** Waits until something holds; the error says what was waited for. */
export async function until(what: string, holds: () => Promise<boolean>, withinMs = 90_000): Promise<void> {
  const deadline = performance.now() + withinMs
  while (!(await holds())) {
    if (performance.now() > deadline) throw new Error(`waited in vain until ${what}`)
    await new Promise((done) => setTimeout(done, 50))
  }
}

export const refund = (amount_cents: number, invoice_id = 'in_bulk') => ({
  invoice_id,
  reason_code: 'service_issue',
  amount_cents,
})
