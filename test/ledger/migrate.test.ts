import pg from 'pg'
import { expect, onTestFinished, test } from 'vitest'
import { migrate } from '../../src/ledger/migrate.js'
import { createPool } from '../../src/ledger/pool.js'
import { emptyDatabase } from '../_util/database.js'

async function newDatabase(): Promise<{ url: string; tables: () => Promise<string[]> }> {
  const { ownerUrl, drop } = await emptyDatabase()
  const client = new pg.Client({ connectionString: ownerUrl })
  await client.connect()
  onTestFinished(async () => {
    await client.end()
    await drop()
  })
  const tables = async () => {
    const { rows } = await client.query<{ tablename: string }>(
      `select tablename from pg_tables where schemaname = 'public' order by tablename`,
    )
    return rows.map(({ tablename }) => tablename)
  }
  return { url: ownerUrl, tables }
}

test('migrating makes the ledger, and migrating again changes nothing', async () => {
  const { url, tables } = await newDatabase()
  await migrate(url)
  const made = await tables()
  expect(made).toEqual(expect.arrayContaining(['actions', 'attempts', 'envelopes', 'intents', 'outcomes', 'votes']))
  await migrate(url)
  expect(await tables()).toEqual(made)
})

test('two that migrate at once wait for each other', async () => {
  const { url, tables } = await newDatabase()
  await Promise.all([migrate(url), migrate(url)])
  expect(await tables()).toContain('actions')
})

test('two databases of one cluster can be migrated at once, though they share their roles', async () => {
  const [one, other] = await Promise.all([newDatabase(), newDatabase()])
  await Promise.all([migrate(one.url), migrate(other.url)])
  expect(await one.tables()).toEqual(await other.tables())
})

test('the roles of the ledger cannot log in', async () => {
  const { url } = await newDatabase()
  await migrate(url)
  const pool = createPool(url, 'exq_reader')
  onTestFinished(() => pool.end())
  const { rows } = await pool.ofNobody.query(
    `select rolname, rolcanlogin, rolsuper from pg_roles where rolname like 'exq\\_%' order by rolname`,
  )
  expect(rows).toEqual(
    ['exq_executor', 'exq_owner', 'exq_reader', 'exq_server'].map((rolname) => ({
      rolname,
      rolcanlogin: false,
      rolsuper: false,
    })),
  )
})

test('a pool acts as its role, and gives big integers as numbers', async () => {
  const { url } = await newDatabase()
  await migrate(url)
  const pool = createPool(url, 'exq_reader')
  onTestFinished(() => pool.end())
  const { rows } = await pool.ofNobody.query('select current_user as role, 7::bigint as seven')
  expect(rows).toEqual([{ role: 'exq_reader', seven: 7 }])
})
