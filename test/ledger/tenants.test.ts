import fc from 'fast-check'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, onTestFinished, test, vi } from 'vitest'
import { resumePage } from '../../src/control-plane/resume-starts.js'
import type { PageReport } from '../../src/domain/reconciler.js'
import { createPool, inTransaction, type Pool } from '../../src/ledger/pool.js'
import { recordPrincipal } from '../../src/ledger/queries/record-principal.js'
import { tenantsWithOpenActions, tenantsWithUnsealedActions } from '../../src/ledger/queries/tenants-with-actions.js'
import { freshDatabase, type TestDatabase } from '../_util/database.js'
import { newAction, newTenant } from '../_util/ledger-rows.js'

let database: TestDatabase
let owner: pg.Client

beforeAll(async () => {
  database = await freshDatabase()
  owner = new pg.Client({ connectionString: database.ownerUrl })
  await owner.connect()
})
afterAll(async () => {
  await owner.end()
  await database.drop()
})

const insert = `insert into refusals (tenant, principal, code, request_digest) values ($1, $2, 'EXQ-1002', '')`
const denied = { code: '42501' }

describe('the ledger', () => {
  test('separates the tenants in every table that has one, for every role', async () => {
    const { rows: tables } = await owner.query<{ name: string }>(
      `select c.oid::regclass::text as name from pg_class c join pg_attribute a on a.attrelid = c.oid
       where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and a.attname = 'tenant'
         and not a.attisdropped order by 1`,
    )
    const { rows: separated } = await owner.query<{ name: string; roles: string[]; reads: string; writes: string }>(
      `select c.oid::regclass::text as name, array(select r.rolname::text from pg_roles r where r.oid = any (p.polroles) order by 1) as roles,
         pg_get_expr(p.polqual, c.oid) as reads, pg_get_expr(p.polwithcheck, c.oid) as writes
       from pg_policy p join pg_class c on c.oid = p.polrelid
       where c.relrowsecurity and p.polname = 'one_tenant' and p.polcmd = '*' order by 1`,
    )
    const own = `(tenant = current_setting('exequatur.tenant'::text, true))`
    expect(separated).toEqual(
      tables.map(({ name }) => ({
        name,
        roles: ['exq_executor', 'exq_reader', 'exq_server'],
        reads: own,
        writes: own,
      })),
    )
    expect(separated.length).toBeGreaterThan(20)
  })

  test('opens no table further, but what is stopped for all', async () => {
    const { rows } = await owner.query(
      `select polrelid::regclass::text as name, polname, polcmd, pg_get_expr(polqual, polrelid) as reads from pg_policy where polname <> 'one_tenant'`,
    )
    expect(rows).toEqual([{ name: 'stops', polname: 'of_all', polcmd: 'r', reads: `(tenant = '*'::text)` }])
  })

  test('begins every key and every reference between tables with the tenant', async () => {
    const { rows } = await owner.query(
      `select k.conrelid::regclass::text as name, k.conname from pg_constraint k
       join pg_attribute a on a.attrelid = k.conrelid and a.attnum = k.conkey[1]
       where k.connamespace = 'public'::regnamespace and k.contype in ('p', 'u', 'f') and a.attname <> 'tenant'
         and k.conrelid <> 'exq_migrations'::regclass`,
    )
    expect(rows).toEqual([])
  })

  test('shows and takes nothing where no tenant is set', async () => {
    const tenant = await newTenant(database.serverPool)
    const nobody = database.serverPool.ofNobody
    expect((await nobody.query('select * from principals')).rows).toEqual([])
    await expect(nobody.query(insert, [tenant, 'person:ann'])).rejects.toMatchObject(denied)
    const client = new pg.Client({ connectionString: database.ownerUrl, options: '-c role=exq_server' })
    await client.connect()
    expect((await client.query('select * from principals')).rows).toEqual([])
    await client.end()
  })

  test('shows and takes nothing of another tenant, whatever the query names', async () => {
    const [one, other] = [await newTenant(database.serverPool), await newTenant(database.serverPool)]
    for (const pool of [database.serverPool, database.executorPool, database.readerPool]) {
      expect((await pool.of(one).query('select * from principals where tenant = $1', [other])).rows).toEqual([])
    }
    const ref = await newAction(database.serverPool, other)
    const server = database.serverPool.of(one)
    await expect(server.query(insert, [other, 'person:ann'])).rejects.toMatchObject(denied)
    const { rowCount } = await server.query(`update actions set stage = 'trail' where tenant = $1`, [ref.tenant])
    expect(rowCount).toBe(0)
  })

  test('lets a tenant know what is stopped for all, and stop nothing but its own', async () => {
    const stop = `insert into stops (tenant, scope, revision, state, reason, recorded_by) values ('*', 'all', 1, 'stopped', 'fire', 'operator:ann')`
    const tenant = await newTenant(database.serverPool)
    await expect(database.serverPool.of(tenant).query(stop)).rejects.toMatchObject(denied)
    await database.serverPool.of('*').query(stop)
    const { rows } = await database.executorPool.of(tenant).query('select tenant, reason from stops')
    expect(rows).toEqual([{ tenant: '*', reason: 'fire' }])
  })

  test('tells where there is something to look after, and only to the server', async () => {
    const tenant = await newTenant(database.serverPool)
    await newAction(database.serverPool, tenant)
    expect(await tenantsWithOpenActions(database.serverPool)).toContain(tenant)
    expect(await tenantsWithUnsealedActions(database.serverPool)).not.toContain(tenant)
    await expect(tenantsWithOpenActions(database.executorPool)).rejects.toMatchObject(denied)
  })
})

describe('a connection', () => {
  /** Writes and reads of several tenants, all at once through one connection. */
  const work = fc.array(
    fc.record({
      tenant: fc.constantFrom('a', 'b', 'c', 'A', ' a'),
      how: fc.constantFrom('write', 'read', 'fail', 'commit', 'undo', 'steal'),
    }),
    { minLength: 2, maxLength: 8 },
  )

  test('that all tenants share never shows or writes the row of another', async () => {
    await fc.assert(
      fc.asyncProperty(work, async (steps) => {
        const pool = createPool(database.ownerUrl, 'exq_server', 1)
        try {
          await Promise.all(steps.map((step) => perform(pool, step)))
        } finally {
          await pool.end()
        }
      }),
      { numRuns: 90 },
    )
    const { rows } = await owner.query('select from refusals where tenant <> principal')
    expect(rows).toEqual([])
    expect((await owner.query('select from refusals where tenant = $1', ['a'])).rowCount).toBeGreaterThan(0)
  })

  async function perform(pool: Pool, { tenant, how }: { tenant: string; how: string }): Promise<void> {
    const mine = pool.of(tenant)
    if (how === 'write') await mine.query(insert, [tenant, tenant])
    if (how === 'fail') await expect(mine.query('select 1 / 0')).rejects.toThrow()
    if (how === 'steal') await expect(mine.query(insert, [`${tenant}b`, tenant])).rejects.toMatchObject(denied)
    if (how === 'commit') await inTransaction(pool, (db) => db.of(tenant).query(insert, [tenant, tenant]))
    if (how === 'undo') await expect(inTransaction(pool, (db) => db.of(tenant).query('select 1 / 0'))).rejects.toThrow()
    const { rows } = await mine.query('select distinct tenant from refusals')
    for (const row of rows) expect(row.tenant).toBe(tenant)
    expect((await mine.query(`select current_setting('exequatur.tenant') as tenant`)).rows).toEqual([{ tenant }])
  }

  test('that works for one tenant is told so once, and again only for another', async () => {
    const query = vi.spyOn(pg.Client.prototype, 'query')
    const pool = createPool(database.ownerUrl, 'exq_server', 1)
    onTestFinished(() => pool.end())
    for (const tenant of ['a', 'a', 'a', 'b', 'b', 'a']) await pool.of(tenant).query('select 1')
    const sent = query.mock.calls.map(([statement]) => statement)
    query.mockRestore()
    expect(sent.filter((statement) => String(statement).includes('set_config'))).toHaveLength(3)
    expect(sent).toHaveLength(3 + 6)
  })

  test('is for a tenant that has a name', () => {
    expect(() => database.serverPool.of('')).toThrow('a tenant has a name')
  })

  test('whose transaction was undone behind its back does not go on as if it were committed', async () => {
    const pool = createPool(database.ownerUrl, 'exq_server', 1)
    const undone = inTransaction(pool, async (db) => {
      await db
        .of('a')
        .query('select 1 / 0')
        .catch(() => undefined)
    })
    await expect(undone).rejects.toThrow('undone')
    expect((await pool.of('a').query(`select current_setting('exequatur.tenant') as tenant`)).rows).toEqual([
      { tenant: 'a' },
    ])
    await pool.end()
  })
})

test('open actions of a tenant are looked over a page at a time, and only what does not get on is begun anew', async () => {
  const { serverPool: pool } = database
  const tenant = await newTenant(pool)
  const standings = ['running', 'stuck', 'terminated', 'absent', 'running', 'completed'] as const
  const ids: string[] = []
  for (const [index] of standings.entries()) ids.push((await newAction(pool, tenant, `r${index}`)).action_id)
  await owner.query(`alter table actions disable trigger admitted`)
  await owner.query(`update actions set admitted_at = now() - interval '1 hour'`)
  await owner.query(`alter table actions enable trigger admitted`)
  const standingOf = (id: string) => standings[ids.indexOf(id)]
  const calls: string[] = []
  const workflows = {
    standing: async ({ action_id }: { action_id: string }) => {
      const standing = standingOf(action_id)
      return { standing, runId: standing === 'absent' ? null : `old run, ${standing}` }
    },
    giveUp: async ({ action_id }: { action_id: string }) => void calls.push(`give up ${standingOf(action_id)}`),
    start: async ({ action_id }: { action_id: string }, _about: unknown, again?: 'again') => {
      const standing = standingOf(action_id)
      calls.push(`start ${standing}`)
      return standing === 'completed' && !again ? null : `run of ${standing}`
    },
  }
  const deps = { pool, workflows } as unknown as Parameters<typeof resumePage>[0]
  const sum = { looked: 0, resumed: 0, started: 0, pages: 0 }
  for (let after: string | null = ''; after !== null; sum.pages += 1) {
    const page: PageReport = await resumePage(deps, { tenant, after }, 4)
    sum.looked += page.looked
    sum.resumed += page.resumed
    sum.started += page.started
    after = page.next
  }
  expect(sum).toEqual({ looked: 6, resumed: 3, started: 1, pages: 2 })
  expect(calls.sort()).toEqual(
    ['give up stuck', 'start absent', 'start completed', 'start completed', 'start stuck', 'start terminated'].sort(),
  )
  const { rows } = await pool.of(tenant).query('select action_id, found from resumptions')
  expect(rows).toHaveLength(4)
  expect(rows).toContainEqual({ action_id: ids[3], found: 'never-started' })
  expect(rows).toContainEqual({ action_id: ids[2], found: 'terminated' })
  const closed = await pool
    .of(tenant)
    .query<{ closed_runs: string[] }>('select closed_runs from actions order by request_id')
  // Histories of runs that others took the place of are to be sealed too.
  const ofReplaced = [[], ['old run, stuck'], ['old run, terminated'], [], [], ['old run, completed']]
  expect(closed.rows.map(({ closed_runs }) => closed_runs)).toEqual(ofReplaced)
})

test('what cannot be begun anew is told with its number and what went wrong first, and holds up nothing else', async () => {
  const { serverPool: pool } = database
  const tenant = await newTenant(pool)
  for (const request of ['r1', 'r2', 'r3']) await newAction(pool, tenant, request)
  await owner.query(`alter table actions disable trigger admitted`)
  await owner.query(`update actions set admitted_at = now() - interval '1 hour' where tenant = $1`, [tenant])
  await owner.query(`alter table actions enable trigger admitted`)
  let asked = 0
  const workflows = {
    standing: async () => ({ standing: 'absent', runId: null }),
    start: async () => {
      asked += 1
      if (asked === 2) return 'run'
      throw new Error('the history is too long')
    },
  }
  const warned: unknown[] = []
  const warn = (...said: unknown[]) => warned.push(said)
  const deps = { pool, workflows, warn } as unknown as Parameters<typeof resumePage>[0]
  const page = await resumePage(deps, { tenant, after: '' })
  expect(page).toMatchObject({ looked: 3, started: 1, failed: 2 })
  expect(warned).toEqual([
    [{ tenant, failed: 2, problem: 'the history is too long' }, expect.stringContaining('could not be begun anew')],
  ])
})

test('a principal is of one tenant alone', async () => {
  const row = { principal: 'agent:x', kind: 'agent', state: 'live', owner: null, environment: null } as const
  const [one, other] = [await newTenant(database.serverPool), await newTenant(database.serverPool)]
  await recordPrincipal(database.serverPool, one, row, 'person:ann')
  const { rows } = await database.readerPool.of(other).query(`select from principals where principal = 'agent:x'`)
  expect(rows).toEqual([])
})
