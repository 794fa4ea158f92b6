import { readFileSync } from 'node:fs'
import pg from 'pg'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { packageRoot } from '../../src/package-root.js'
import { freshDatabase, type TestDatabase } from '../_util/database.js'
import { environment } from './compose-file.js'

const sql = readFileSync(new URL('docker/logins.sql', packageRoot), 'utf8')

let database: TestDatabase
let client: pg.Client

// In a transaction that is never committed: logins belong to the whole cluster, and other tests use that too.
beforeAll(async () => {
  database = await freshDatabase()
  client = new pg.Client({ connectionString: database.ownerUrl, options: settingsOfCompose() })
  await client.connect()
  await client.query('begin')
  await client.query(sql)
})

afterAll(async () => {
  await client.end()
  await database.drop()
})

function settingsOfCompose(): string {
  return environment('logins').PGOPTIONS ?? ''
}

function loginOf(process: 'server' | 'executor'): string {
  return new URL(environment(process).DATABASE_URL ?? '').username
}

async function rolesOf(login: string): Promise<string[]> {
  const { rows } = await client.query<{ role: string }>(
    'select roleid::regrole::text as role from pg_auth_members where member = $1::regrole',
    [login],
  )
  return rows.map(({ role }) => role)
}

test('each process logs in as a member of its own role and of no other', async () => {
  expect(await rolesOf(loginOf('server'))).toEqual(['exq_server'])
  expect(await rolesOf(loginOf('executor'))).toEqual(['exq_executor'])
  expect(await rolesOf('temporal')).toEqual([])
})

test('the logins are no more than that: none is a superuser, only that of Temporal makes databases', async () => {
  const { rows } = await client.query(
    `select rolname, rolsuper, rolcreaterole, rolbypassrls, rolcreatedb from pg_roles
      where rolname in ($1, $2, 'temporal') order by rolname`,
    [loginOf('server'), loginOf('executor')],
  )
  const plain = { rolsuper: false, rolcreaterole: false, rolbypassrls: false }
  expect(rows).toEqual([
    { rolname: 'exequatur_executor', ...plain, rolcreatedb: false },
    { rolname: 'exequatur_server', ...plain, rolcreatedb: false },
    { rolname: 'temporal', ...plain, rolcreatedb: true },
  ])
})

test('the login of Temporal does not get into the ledger', async () => {
  const { rows } = await client.query<{ login: string; may: boolean }>(
    `select login, has_database_privilege(login, current_database(), 'connect') as may
       from unnest($1::text[]) as login`,
    [[loginOf('server'), loginOf('executor'), 'temporal']],
  )
  expect(rows.map(({ may }) => may)).toEqual([true, true, false])
})

test('running it again changes nothing but the passwords', async () => {
  await client.query(sql)
  expect(await rolesOf(loginOf('server'))).toEqual(['exq_server'])
})

test('the login of the executor cannot write a vote', async () => {
  await client.query(`set local session authorization ${client.escapeIdentifier(loginOf('executor'))}`)
  const { rows } = await client.query<{ login: string; may: boolean }>(
    `select session_user::text as login, has_table_privilege('votes', 'insert') as may`,
  )
  expect(rows).toEqual([{ login: 'exequatur_executor', may: false }])
})
