import { randomBytes } from 'node:crypto'
import { setTimeout as pause } from 'node:timers/promises'
import pg from 'pg'
import { migrate } from '../../src/ledger/migrate.js'
import { createPool, type Pool } from '../../src/ledger/pool.js'

/** Names the cluster that tests make their databases in, by the URL of a superuser. */
export const adminUrlVariable = 'EXEQUATUR_TEST_DATABASE_URL'

export interface TestDatabase {
  readonly ownerUrl: string
  readonly serverPool: Pool
  readonly executorPool: Pool
  readonly readerPool: Pool
  /** Closes the pools and removes the database. */
  drop(): Promise<void>
}

/** What every database with a ledger is a copy of: to migrate each anew takes longer than most tests. */
const template = 'exq_test_template'

/** Makes the template, once before all tests. */
export async function makeTemplate(): Promise<void> {
  await asOwner(adminUrl(), `drop database if exists ${template}`)
  await asOwner(adminUrl(), `create database ${template}`)
  await migrate(urlOf(template))
}

/** A new, empty database. */
export async function emptyDatabase(): Promise<OwnDatabase> {
  return createDatabase('')
}

/** A new database with the ledger in it. */
async function ledgerDatabase(): Promise<OwnDatabase> {
  return createDatabase(`template ${template}`)
}

interface OwnDatabase {
  readonly ownerUrl: string
  drop(): Promise<void>
}

async function createDatabase(how: string): Promise<OwnDatabase> {
  const name = `exq_test_${randomBytes(8).toString('hex')}`
  await asOwner(adminUrl(), `create database ${name} ${how}`)
  return { ownerUrl: urlOf(name), drop: () => dropDatabase(name) }
}

function urlOf(database: string): string {
  const url = new URL(adminUrl())
  url.pathname = `/${database}`
  return url.href
}

/** Clients that are still saying goodbye are given a moment: cut off, they would fail the run with an error of nobody's. */
async function dropDatabase(name: string): Promise<void> {
  for (let tries = 0; tries < 40; tries += 1) {
    try {
      return await asOwner(adminUrl(), `drop database ${name}`)
    } catch {
      await pause(50)
    }
  }
  await asOwner(adminUrl(), `drop database ${name} with (force)`)
}

/** A new database with the ledger in it, and a pool for each of the ledger's roles. */
export async function freshDatabase(): Promise<TestDatabase> {
  const { ownerUrl, drop } = await ledgerDatabase()
  const [serverPool, executorPool, readerPool] = (['exq_server', 'exq_executor', 'exq_reader'] as const).map((role) =>
    createPool(ownerUrl, role, 22),
  ) as [Pool, Pool, Pool]
  return {
    ownerUrl,
    serverPool,
    executorPool,
    readerPool,
    drop: async () => {
      await Promise.all([serverPool, executorPool, readerPool].map((pool) => pool.end()))
      await drop()
    },
  }
}

/** Runs one statement as the superuser of the cluster. */
export async function asOwner(url: string, sql: string): Promise<void> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    await client.query(sql)
  } finally {
    await client.end()
  }
}

function adminUrl(): string {
  const url = process.env[adminUrlVariable]
  if (!url) throw new Error(`${adminUrlVariable} is not set: run the tests through vitest with its configuration`)
  return url
}
