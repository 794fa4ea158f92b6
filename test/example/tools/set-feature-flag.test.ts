import { randomBytes } from 'node:crypto'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { setUpFlags } from '../../../examples/refund-desk/downstream/set-up-flags.js'
import { setFeatureFlag } from '../../../examples/refund-desk/tools/set-feature-flag.js'
import type { Lease } from '../../../src/contract/credential-source.js'
import { postgresRole } from '../../../src/credentials/postgres-role.js'
import { asOwner, emptyDatabase } from '../../_util/database.js'
import { leaseRequest } from '../../credentials/lease-request.js'
import { outputOf, type TryOptions, trying } from './try-tool.js'

const tool = trying(setFeatureFlag)
const role = `refund_desk_flags_${randomBytes(4).toString('hex')}`
const leases = postgresRole({ admin: 'env:FLAGS_ADMIN_URL_OF_TEST', memberOf: role })
const held: Lease[] = []
let database: Awaited<ReturnType<typeof emptyDatabase>>
let owner: pg.Client
let url: string
let flags = 0

beforeAll(async () => {
  database = await emptyDatabase()
  process.env.FLAGS_ADMIN_URL_OF_TEST = await setUpFlags(database.ownerUrl, [], role)
  url = await newLease()
  owner = new pg.Client({ connectionString: database.ownerUrl })
  await owner.connect()
})

afterAll(async () => {
  for (const lease of held) await lease.revoke?.(AbortSignal.timeout(5_000))
  await leases.close?.()
  await owner.query(`drop owned by ${role}; drop role ${role}, ${role}_admin`)
  await owner.end()
  await database.drop()
})

/** What the executor gives to one call: the URL of a role of its own. */
async function newLease(): Promise<string> {
  const lease = await leases.lease(leaseRequest({ ttl_ms: 60_000 }))
  held.push(lease)
  return lease.secret
}

/** A flag of its own, off, and how to turn it on under one key. */
async function freshFlag() {
  flags += 1
  const flag = `refunds_t${flags}`
  await owner.query('insert into flags.feature_flags (name) values ($1)', [flag])
  const options: TryOptions = { key: `exq_${flag}`, credentials: { flags: url } }
  return {
    args: { flag, enabled: true },
    options,
    undoing: (key: string): TryOptions => ({ ...options, key: `exq_${flag}_${key}` }),
    value: async () => (await owner.query('select enabled from flags.feature_flags where name = $1', [flag])).rows[0],
    changes: async () =>
      (await owner.query('select enabled from flags.changes where flag = $1 order by change_id', [flag])).rows,
  }
}

describe('set_feature_flag', () => {
  test('sets a flag once, however often it is called with one key', async () => {
    const { args, options, value, changes } = await freshFlag()
    const first = outputOf(await tool.execute(args, options))
    expect(first).toEqual({ ...args, change_id: expect.any(Number), previous_enabled: false })
    expect(outputOf(await tool.execute(args, options))).toEqual(first)
    expect(await value()).toEqual({ enabled: true })
    expect(await changes()).toHaveLength(1)
  })

  test('sets it once even when called at the same time', async () => {
    const { args, options, changes } = await freshFlag()
    const tried = await Promise.all(Array.from({ length: 5 }, () => tool.execute(args, options)))
    expect(new Set(tried.map((each) => outputOf(each).change_id)).size).toBe(1)
    expect(await changes()).toHaveLength(1)
  })

  test('is verified by its change, and by its key where the answer was lost', async () => {
    const { args, options, undoing } = await freshFlag()
    expect(await tool.verify(args, null, options)).toBe('not-committed')
    const output = outputOf(await tool.execute(args, options))
    expect(await tool.verify(args, output, options)).toBe('committed')
    expect(await tool.verify(args, null, options)).toBe('committed')
    expect(await tool.verify(args, null, undoing('other'))).toBe('not-committed')
  })

  test('a flag that was changed past its records is a divergence', async () => {
    const { args, options } = await freshFlag()
    const output = outputOf(await tool.execute(args, options))
    await owner.query('update flags.feature_flags set enabled = false where name = $1', [args.flag])
    expect(await tool.verify(args, output, options)).toBe('diverged')
  })

  test('is undone once, however often and under whatever key, and has its value from before', async () => {
    const { args, options, undoing, value, changes } = await freshFlag()
    const output = outputOf(await tool.execute(args, options))
    for (const key of ['undo', 'undo', 'again']) {
      expect(await tool.undo(args, output, undoing(key))).toMatchObject({ effect: 'committed' })
    }
    expect(await value()).toEqual({ enabled: false })
    expect(await changes()).toEqual([{ enabled: true }, { enabled: false }])
    expect(await tool.verify(args, output, options)).toBe('not-committed')
    expect(await tool.verify(args, null, options)).toBe('not-committed')
  })

  test('an undo gives back what was there, also where nothing had to change', async () => {
    const { args, options, undoing, value } = await freshFlag()
    await tool.execute(args, options)
    const again = outputOf(await tool.execute(args, undoing('second')))
    expect(again).toMatchObject({ previous_enabled: true })
    await tool.undo(args, again, undoing('undo'))
    expect(await value()).toEqual({ enabled: true })
  })

  test('does not undo over the head of a later change', async () => {
    const { args, options, undoing, value } = await freshFlag()
    const output = outputOf(await tool.execute(args, options))
    await tool.execute({ ...args, enabled: true }, undoing('later'))
    expect(await tool.undo(args, output, undoing('undo'))).toMatchObject({
      effect: 'not-committed',
      detail: expect.stringContaining('changed again'),
    })
    expect(await value()).toEqual({ enabled: true })
  })

  test('a flag, or a table, that is not there is a definite no', async () => {
    const { options } = await freshFlag()
    const unknown = await tool.execute({ flag: 'refunds_none', enabled: true }, options)
    expect(unknown).toMatchObject({ effect: 'not-committed', detail: 'there is no flag refunds_none' })
    const elsewhere = new URL(url)
    elsewhere.pathname = '/postgres'
    const tried = await tool.execute(
      { flag: 'refunds_none', enabled: true },
      { credentials: { flags: elsewhere.href } },
    )
    expect(tried).toMatchObject({ effect: 'not-committed', detail: expect.stringContaining('flags.feature_flags') })
  })

  test('a connection that breaks, or a deadline that passes, leaves the outcome unknown', async () => {
    const { args, options, value } = await freshFlag()
    await owner.query('begin')
    await owner.query('select from flags.feature_flags where name = $1 for update', [args.flag])
    expect(await tool.execute(args, { ...options, deadlineMs: 300 })).toMatchObject({ effect: 'unknown' })
    const waiting = tool.execute(args, options)
    await expect
      .poll(async () => (await owner.query(endConnectionsOf, [held[0]?.lease_id])).rowCount, { interval: 50 })
      .toBeGreaterThan(0)
    expect(await waiting).toMatchObject({ effect: 'unknown' })
    await owner.query('commit')
    expect(await value()).toEqual({ enabled: false })
    expect(await tool.verify(args, null, options)).toBe('not-committed')
    expect(await tool.execute(args, options)).toMatchObject({ effect: 'committed' })
  })

  test('its role reads and changes flags, and nothing else', async () => {
    const { args } = await freshFlag()
    await owner.query('create table if not exists votes (vote text)')
    await expect(asOwner(url, 'select * from votes')).rejects.toThrow('permission denied')
    await expect(asOwner(url, 'delete from flags.changes')).rejects.toThrow('permission denied')
    await expect(asOwner(url, `delete from flags.feature_flags where name = '${args.flag}'`)).rejects.toThrow(
      'permission denied',
    )
  })

  test('setting up again keeps the flags as they are', async () => {
    const { args, options, value } = await freshFlag()
    await tool.execute(args, options)
    process.env.FLAGS_ADMIN_URL_OF_TEST = await setUpFlags(database.ownerUrl, [args.flag, 'refunds_new'], role)
    url = await newLease()
    expect(await value()).toEqual({ enabled: true })
    expect(await tool.verify(args, null, { ...options, credentials: { flags: url } })).toBe('committed')
  })
})

const endConnectionsOf = `
  select pg_terminate_backend(pid) from pg_stat_activity where usename = $1 and wait_event_type = 'Lock'`
