import { spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openAdmin } from '../../src/credentials/postgres-admin.js'
import { postgresRole } from '../../src/credentials/postgres-role.js'
import { emptyDatabase } from '../_util/database.js'
import { leaseRequest } from './lease-request.js'

const suffix = randomBytes(4).toString('hex')
const [writer, reader, maker] = [`desk_writer_${suffix}`, `desk_reader_${suffix}`, `desk_maker_${suffix}`]
const adminVariable = `PG_ADMIN_${suffix}`

let database: Awaited<ReturnType<typeof emptyDatabase>>
let owner: pg.Client

beforeAll(async () => {
  database = await emptyDatabase()
  owner = await connect(database.ownerUrl)
  await owner.query(`
    create table desk (entry text);
    create table payroll (entry text);
    create role ${writer} nologin; create role ${reader} nologin;
    grant select, insert on desk to ${writer}; grant select on desk to ${reader};
    create role ${maker} login createrole password 'maker';
    grant ${writer}, ${reader} to ${maker} with admin option`)
  const admin = new URL(database.ownerUrl)
  admin.username = maker
  admin.password = 'maker'
  process.env[adminVariable] = admin.href
})

afterAll(async () => {
  await owner.query(`drop owned by ${writer}, ${reader}; drop role ${writer}, ${reader}, ${maker}`)
  await owner.end()
  await database.drop()
})

const source = (memberOf: Parameters<typeof postgresRole>[0]['memberOf'] = writer) =>
  postgresRole({ admin: `env:${adminVariable}`, memberOf })

async function connect(url: string): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: url })
  client.on('error', () => undefined)
  await client.connect()
  return client
}

const exists = async (role: string) =>
  (await owner.query('select from pg_roles where rolname = $1', [role])).rowCount === 1

describe('a leased Postgres role', () => {
  test('can do what it was granted, and nothing else', async () => {
    const leases = source()
    const lease = await leases.lease(leaseRequest())
    const client = await connect(lease.secret)
    await client.query(`insert into desk values ('one')`)
    expect((await client.query('select * from desk')).rowCount).toBe(1)
    for (const sql of ['select * from payroll', 'delete from desk', 'create role another', 'create table mine ()'])
      await expect(client.query(sql), sql).rejects.toMatchObject({ code: '42501' })
    await client.end()
    await lease.revoke?.(AbortSignal.timeout(5_000))
    await leases.close?.()
  })

  test('only looks, where the call only looks', async () => {
    const leases = source({ read: reader, write: writer })
    const lease = await leases.lease(leaseRequest({ scope: 'read', phase: 'verify' }))
    const client = await connect(lease.secret)
    await client.query('select * from desk')
    await expect(client.query(`insert into desk values ('two')`)).rejects.toMatchObject({ code: '42501' })
    await client.end()
    await lease.revoke?.(AbortSignal.timeout(5_000))
    await leases.close?.()
  })

  test('is another one for each attempt', async () => {
    const leases = source()
    const [one, two] = await Promise.all([leases.lease(leaseRequest()), leases.lease(leaseRequest({ attempt: 2 }))])
    expect(one.lease_id).not.toBe(two.lease_id)
    expect(new URL(one.secret).password).not.toBe(new URL(two.secret).password)
    const swapped = new URL(one.secret)
    swapped.password = new URL(two.secret).password
    await expect(connect(swapped.href)).rejects.toMatchObject({ code: '28P01' })
    await Promise.all([one, two].map((each) => each.revoke?.(AbortSignal.timeout(5_000))))
    await leases.close?.()
  })

  test('is refused at login once its time is up, which is no later than the deadline of the call', async () => {
    const leases = source()
    const lease = await leases.lease(leaseRequest({ ttl_ms: 10_000 }))
    await (await connect(lease.secret)).end()
    const { rows } = await owner.query<{ left: number }>(
      'select extract(epoch from $1::timestamptz - now())::float8 as left',
      [lease.expires_at],
    )
    expect(rows[0]?.left).toBeLessThanOrEqual(10)
    await expect.poll(() => connect(lease.secret).catch(({ code }) => code)).toBe('28P01')
    await lease.revoke?.(AbortSignal.timeout(5_000))
    await leases.close?.()
  })

  test('once revoked has no session and no login, and is gone, even if it made something', async () => {
    await owner.query(`grant create on schema public to ${writer}`)
    const leases = source()
    const lease = await leases.lease(leaseRequest())
    const client = await connect(lease.secret)
    await client.query('create table made_by_the_lease ()')
    await client.query('begin; lock table made_by_the_lease')
    await lease.revoke?.(AbortSignal.timeout(5_000))
    await expect(client.query('select')).rejects.toThrow()
    await expect(connect(lease.secret)).rejects.toMatchObject({ code: '28P01' })
    expect(await exists(lease.lease_id)).toBe(false)
    await leases.close?.()
  })

  test('keeps its password out of every statement', async () => {
    const leases = source()
    const lease = await leases.lease(leaseRequest())
    const { rows } = await owner.query<{ query: string }>(
      `select query from pg_stat_activity where usename = $1 and application_name = 'exequatur'`,
      [maker],
    )
    const said = rows.map(({ query }) => query).join('\n')
    expect(said).toContain(`'${lease.lease_id}', 'SCRAM-SHA-256$`)
    expect(said).not.toContain(new URL(lease.secret).password)
    expect(lease.hide).toEqual([new URL(lease.secret).password])
    await lease.revoke?.(AbortSignal.timeout(5_000))
    await leases.close?.()
  })

  test('that a dead process left behind is swept once it has expired, and others are left alone', async () => {
    const stale = `exq_lease_${randomBytes(8).toString('hex')}`
    const foreign = `exq_lease_${randomBytes(8).toString('hex')}`
    const leases = source()
    const present = await leases.lease(leaseRequest())
    const as = await connect(process.env[adminVariable] as string)
    await as.query(`create role ${stale} login valid until '2020-01-01' in role ${writer} role current_user`)
    await as.query(`create role ${foreign} login valid until '2020-01-01'`)
    await as.end()
    expect(await leases.sweep?.()).toBe(1)
    expect([await exists(stale), await exists(foreign), await exists(present.lease_id)]).toEqual([false, true, true])
    await present.revoke?.(AbortSignal.timeout(5_000))
    await owner.query(`drop role ${foreign}`)
    await leases.close?.()
  })

  test('whose executor was killed in the middle of a call ends by itself, and is swept', async () => {
    const program = fileURLToPath(new URL('fixtures/leaseholder.ts', import.meta.url))
    const holder = spawn(process.execPath, ['--import', 'tsx', program, adminVariable, writer], {
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    const [line] = await once(holder.stdout, 'data')
    const { lease_id, secret } = JSON.parse(String(line)) as { lease_id: string; secret: string }
    const sessions = async () =>
      (await owner.query('select from pg_stat_activity where usename = $1', [lease_id])).rowCount ?? 0
    expect(await sessions()).toBe(1)
    holder.kill('SIGKILL')
    await expect.poll(sessions).toBe(0)
    expect(await exists(lease_id)).toBe(true)
    await expect.poll(() => connect(secret).catch(({ code }) => code)).toBe('28P01')
    // Another executor, later.
    await owner.query(`alter role ${lease_id} valid until '2020-01-01'`)
    const leases = source()
    expect(await leases.sweep?.()).toBe(1)
    expect(await exists(lease_id)).toBe(false)
    await leases.close?.()
  })

  test('can be had by many at once from the first moment on, and while the admin gets another password', async () => {
    const admin = openAdmin(`env:${adminVariable}`)
    const ask = () => admin.query<{ one: number }>('select 1 as one', [])
    const first = Array.from({ length: 6 }, ask)
    const url = new URL(process.env[adminVariable] as string)
    url.searchParams.set('fallback_application_name', 'rotated')
    process.env[adminVariable] = url.href
    const answers = await Promise.all([...first, ...Array.from({ length: 6 }, ask)])
    expect(answers).toEqual(Array.from({ length: 12 }, () => [{ one: 1 }]))
    await admin.close()
  })

  test('is not to be had without its admin, and says which', async () => {
    const leases = postgresRole({ admin: 'env:PG_ADMIN_NOT_THERE', memberOf: writer })
    await expect(leases.lease(leaseRequest())).rejects.toThrow('env:PG_ADMIN_NOT_THERE holds nothing')
  })

  test.each([
    ['a ttl', { ttl: '60' }],
    ['connections', { connections: 0 }],
    ['a role', { memberOf: 'x"; drop table desk' }],
  ])('cannot be declared without %s', (_what, wrong) => {
    const options = { admin: 'env:PG_ADMIN', memberOf: writer, ...wrong }
    expect(() => postgresRole(options as never)).toThrow('EXQ-7005')
  })
})
