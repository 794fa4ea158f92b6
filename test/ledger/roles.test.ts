import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Pool } from '../../src/ledger/pool.js'
import { recordDecisions } from '../../src/ledger/queries/record-decisions.js'
import { recordIntent } from '../../src/ledger/queries/record-intent.js'
import { openTransaction } from '../_util/concurrency.js'
import { freshDatabase, type TestDatabase } from '../_util/database.js'
import { decisionOf, intentFor, newAction, newTenant, under } from '../_util/ledger-rows.js'

const tables = [
  'accounts',
  'actions',
  'amendments',
  'attempts',
  'attentions',
  'budget_events',
  'budget_scopes',
  'cancellations',
  'consumptions',
  'contracts',
  'counters',
  'credentials',
  'decisions',
  'deliveries',
  'envelopes',
  'groups',
  'intents',
  'joins',
  'keys',
  'late_results',
  'leases',
  'looks',
  'notices',
  'observations',
  'outbox',
  'outcomes',
  'policy_agreements',
  'policy_changes',
  'policy_sets',
  'principals',
  'refusals',
  'reported_usage',
  'reservations',
  'resolutions',
  'reviews',
  'stops',
  'trails',
  'verifications',
  'votes',
]

let database: TestDatabase

beforeAll(async () => {
  database = await freshDatabase()
})

afterAll(() => database.drop())

/** The tables a role may do something to, as the database itself says. */
async function mayDo(pool: Pool, privilege: string): Promise<string[]> {
  const { rows } = await pool.ofNobody.query<{ name: string }>(
    `select name from unnest($1::text[]) as name
     where has_table_privilege(name, $2) or ($2 = 'insert' and has_any_column_privilege(name, 'insert')) order by name`,
    [tables, privilege],
  )
  return rows.map(({ name }) => name)
}

const denied = { code: '42501' }

describe('the executor', () => {
  test('adds effects and what belongs to them, and nothing that gives authority', async () => {
    expect(await mayDo(database.executorPool, 'insert')).toEqual([
      'attempts',
      'budget_events',
      'consumptions',
      'contracts',
      'decisions',
      'intents',
      'late_results',
      'leases',
      'looks',
      'observations',
      'outcomes',
      'verifications',
    ])
  })

  test.each([
    'votes',
    'amendments',
    'attentions',
    'resolutions',
    'reviews',
    'policy_sets',
    'principals',
    'accounts',
    'groups',
    'credentials',
    'keys',
    'stops',
    'envelopes',
    'trails',
    'actions',
    'reservations',
    'budget_scopes',
    'deliveries',
  ])('cannot write %s', async (table) => {
    await expect(database.executorPool.ofNobody.query(`insert into ${table} default values`)).rejects.toMatchObject(
      denied,
    )
  })

  test('can record why it made no call', async () => {
    const ref = await newAction(database.serverPool, await newTenant(database.serverPool))
    const key = { ...ref, stage: 'intent', phase: 'execute', round: 1, under } as const
    await recordDecisions(database.executorPool, key, [{ ...decisionOf({ result: 'deny' }), tool: 'refund_invoice' }])
    const { rows } = await database.readerPool
      .of(ref.tenant)
      .query('select result from decisions where tenant = $1', [ref.tenant])
    expect(rows).toEqual([{ result: 'deny' }])
  })

  test('can neither end an action nor raise its revision', async () => {
    for (const change of [`outcome = 'succeeded'`, 'revision = 0', `run_id = 'x'`]) {
      await expect(database.executorPool.ofNobody.query(`update actions set ${change}`)).rejects.toMatchObject(denied)
    }
  })
})

describe('who has signed in', () => {
  test.each(['sign_in_links', 'sign_ins', 'sign_in_events', 'passkey_challenges'])(
    'is for the server alone to know and to add to: %s',
    async (table) => {
      const may = async (pool: Pool) => {
        const { rows } = await pool.ofNobody.query<{ privilege: string }>(
          `select privilege from unnest(array['select', 'insert', 'update', 'delete', 'truncate']) as privilege
           where has_table_privilege($1, privilege)`,
          [table],
        )
        return rows.map(({ privilege }) => privilege)
      }
      expect(await may(database.serverPool)).toEqual(['select', 'insert'])
      expect(await may(database.executorPool)).toEqual([])
      expect(await may(database.readerPool)).toEqual([])
    },
  )
})

describe('the server', () => {
  test('adds what was asked, decided and voted, and no effect', async () => {
    expect(await mayDo(database.serverPool, 'insert')).toEqual([
      'accounts',
      'actions',
      'amendments',
      'attentions',
      'budget_events',
      'cancellations',
      'counters',
      'credentials',
      'decisions',
      'deliveries',
      'envelopes',
      'groups',
      'joins',
      'keys',
      'notices',
      'outbox',
      'policy_agreements',
      'policy_changes',
      'policy_sets',
      'principals',
      'refusals',
      'reported_usage',
      'resolutions',
      'reviews',
      'stops',
      'trails',
      'votes',
    ])
  })

  test.each([
    'intents',
    'attempts',
    'outcomes',
    'observations',
    'verifications',
    'looks',
    'late_results',
    'consumptions',
    'leases',
  ])('cannot write %s', async (table) => {
    await expect(database.serverPool.ofNobody.query(`insert into ${table} default values`)).rejects.toMatchObject(
      denied,
    )
  })

  test('cannot call a tool by way of an intent', async () => {
    const ref = await newAction(database.serverPool, await newTenant(database.serverPool))
    await expect(recordIntent(database.serverPool, await intentFor(database.serverPool, ref))).rejects.toMatchObject(
      denied,
    )
  })

  test('changes of a delivery only how far it got', async () => {
    for (const change of [`address = 'person:eve'`, `recipients = '{}'`, `channel = 'x'`])
      await expect(database.serverPool.ofNobody.query(`update deliveries set ${change}`)).rejects.toMatchObject(denied)
  })

  test('cannot lower the revision of an action or of an authority', async () => {
    await expect(database.serverPool.ofNobody.query('update actions set revision = 0')).rejects.toMatchObject(denied)
    await expect(database.serverPool.ofNobody.query('update counters set value = 0')).rejects.toMatchObject(denied)
  })
})

describe('the reader', () => {
  test('reads everything and writes nothing', async () => {
    expect(await mayDo(database.readerPool, 'select')).toEqual(tables)
    for (const privilege of ['insert', 'update', 'delete', 'truncate', 'trigger']) {
      expect(await mayDo(database.readerPool, privilege)).toEqual([])
    }
  })

  test('cannot hold an authority, and so cannot hold up a stop', async () => {
    const tenant = await newTenant(database.serverPool)
    await expect(database.readerPool.ofNobody.query('select hold_authority($1, 1)', [tenant])).rejects.toMatchObject(
      denied,
    )
  })

  test('cannot raise a revision with a trigger of its own', async () => {
    const { ofNobody } = await openTransaction(database.readerPool)
    await ofNobody.query('create temporary table mine (tenant text, action_id text)')
    await expect(
      ofNobody.query('create trigger mine after insert on mine for each row execute function raise_authority()'),
    ).rejects.toMatchObject(denied)
  })
})

test('nobody but the owner deletes, truncates, or switches a trigger off', async () => {
  for (const pool of [database.serverPool, database.executorPool, database.readerPool]) {
    for (const privilege of ['delete', 'truncate', 'trigger']) expect(await mayDo(pool, privilege)).toEqual([])
    await expect(pool.ofNobody.query('alter table votes disable trigger all')).rejects.toMatchObject(denied)
    await expect(pool.ofNobody.query(`set session_replication_role = 'replica'`)).rejects.toMatchObject(denied)
  }
})

test('a temporary table with the name of a real one does not fool the guard', async () => {
  const ref = await newAction(database.serverPool, await newTenant(database.serverPool))
  const intent = await intentFor(database.serverPool, ref)
  const transaction = await openTransaction(database.executorPool)
  const { query } = transaction.of(ref.tenant)
  await query('create temporary table counters (tenant text, name text, value bigint)')
  await query(`insert into pg_temp.counters values ($1, 'authority', 99)`, [ref.tenant])
  await query(`grant select, update on pg_temp.counters to public`)
  expect(await recordIntent(transaction, { ...intent, authority_revision: 99 })).toBe('moved')
})
