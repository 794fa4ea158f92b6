import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { inTransaction } from '../../src/ledger/pool.js'
import { loadAuthority } from '../../src/ledger/queries/load-authority.js'
import { loadPolicyChanges } from '../../src/ledger/queries/load-policy-changes.js'
import { loadPolicySets } from '../../src/ledger/queries/load-policy-sets.js'
import { publishFirstPolicySet, publishPolicyChange } from '../../src/ledger/queries/publish-policy-set.js'
import { recordMembership } from '../../src/ledger/queries/record-membership.js'
import { recordPolicyAgreement } from '../../src/ledger/queries/record-policy-agreement.js'
import { type NewPolicyChange, recordPolicyChange } from '../../src/ledger/queries/record-policy-change.js'
import { recordPrincipal } from '../../src/ledger/queries/record-principal.js'
import { takeAuthority } from '../../src/ledger/queries/take-authority.js'
import { freshDatabase, type TestDatabase } from '../_util/database.js'
import { authorityOf, newTenant } from '../_util/ledger-rows.js'

let database: TestDatabase
beforeAll(async () => {
  database = await freshDatabase()
})
afterAll(() => database.drop())

const set = (digest: string) => ({
  digest,
  policies: { 'a.cedar': digest },
  author: 'person:ann',
  authors: { a: digest },
})

/** A tenant with a first set in force, and people who keep its policies. */
async function settled(): Promise<string> {
  const tenant = await newTenant(database.serverPool)
  await publishFirstPolicySet(database.serverPool, tenant, set('one'))
  for (const name of ['ann', 'bob']) await join(tenant, name)
  return tenant
}

async function join(tenant: string, name: string, state: 'live' | 'revoked' = 'live'): Promise<void> {
  const principal = `person:${name}`
  const row = { principal, kind: 'person', state, owner: null, environment: null } as const
  await recordPrincipal(database.serverPool, tenant, row, 'test')
  await recordMembership(database.serverPool, tenant, { name: 'policy', member: principal, state: 'member' }, 'test')
}

async function propose(tenant: string, digest: string, changes: Partial<NewPolicyChange> = {}): Promise<string> {
  const { policy_set } = await loadAuthority(database.serverPool, tenant)
  const change_id = changes.change_id ?? `chg_${digest}`
  await recordPolicyChange(database.serverPool, {
    ...set(digest),
    tenant,
    change_id,
    base_revision: policy_set?.revision ?? 0,
    base_digest: policy_set?.digest ?? '',
    note: '',
    loosens: true,
    reasons: ['permit a is new'],
    people: 2,
    group_name: 'policy',
    ...changes,
  })
  return change_id
}

const say = (tenant: string, change: string, person: string, vote: 'agree' | 'object' = 'agree') =>
  recordPolicyAgreement(database.serverPool, tenant, change, { person: `person:${person}`, vote, reason: '' })
const publish = (tenant: string, change: string) => publishPolicyChange(database.serverPool, tenant, change)
const inForce = async (tenant: string) => (await loadAuthority(database.serverPool, tenant)).policy_set

describe('the first policy set', () => {
  test('is in force once, even if ten publish it at once', async () => {
    const tenant = await newTenant(database.serverPool)
    await Promise.all(
      Array.from({ length: 10 }, (_, index) => publishFirstPolicySet(database.serverPool, tenant, set(`set${index}`))),
    )
    expect(await inForce(tenant)).toMatchObject({ revision: 1, authors: { a: expect.any(String) }, agreed_by: [] })
    expect(await authorityOf(database.serverPool, tenant)).toBe(2)
  })
})

describe('a change of policies', () => {
  test('is in force once two people agreed, and raises the authority', async () => {
    const tenant = await settled()
    const change = await propose(tenant, 'two')
    expect(await publish(tenant, change)).toBe(false)
    await say(tenant, change, 'ann')
    await say(tenant, change, 'ann')
    expect(await publish(tenant, change)).toBe(false)
    await say(tenant, change, 'bob')
    const before = await authorityOf(database.serverPool, tenant)
    expect(await publish(tenant, change)).toBe(true)
    expect(await inForce(tenant)).toMatchObject({
      ...set('two'),
      revision: 2,
      change_id: change,
      agreed_by: ['person:ann', 'person:bob'],
    })
    expect(await authorityOf(database.serverPool, tenant)).toBe(before + 1)
    expect(await publish(tenant, change)).toBe(false)
  })

  test('does not count who is revoked, or was never of the group', async () => {
    const tenant = await settled()
    const change = await propose(tenant, 'two')
    for (const name of ['ann', 'bob', 'stranger']) await say(tenant, change, name)
    await join(tenant, 'bob', 'revoked')
    expect(await publish(tenant, change)).toBe(false)
    const [row] = await loadPolicyChanges(database.serverPool, tenant, { changeId: change, limit: 1 })
    expect(row?.agreements.filter(({ counts }) => counts).map(({ person }) => person)).toEqual(['person:ann'])
    await join(tenant, 'bob')
    expect(await publish(tenant, change)).toBe(true)
  })

  test('ends by one objection', async () => {
    const tenant = await settled()
    const change = await propose(tenant, 'two')
    for (const name of ['ann', 'bob']) await say(tenant, change, name)
    await say(tenant, change, 'bob', 'object')
    expect(await publish(tenant, change)).toBe(false)
  })

  test('of a set that is no longer in force comes too late', async () => {
    const tenant = await settled()
    const [late, first] = [await propose(tenant, 'late'), await propose(tenant, 'first', { people: 0 })]
    for (const name of ['ann', 'bob']) await say(tenant, late, name)
    expect(await publish(tenant, first)).toBe(true)
    expect(await publish(tenant, late)).toBe(false)
    expect(await inForce(tenant)).toMatchObject({ digest: 'first' })
  })

  test('is published once, where several do it at once, and the others are told so', async () => {
    const tenant = await settled()
    const changes = await Promise.all(
      Array.from({ length: 8 }, (_, index) => propose(tenant, `set${index}`, { people: 0 })),
    )
    const published = await Promise.all(changes.map((change) => publish(tenant, change)))
    expect(published.filter(Boolean)).toHaveLength(1)
    expect((await inForce(tenant))?.revision).toBe(2)
  })

  test('is held up by one that is being decided, and by nobody who may only read', async () => {
    const tenant = await settled()
    const held = await inTransaction(database.serverPool, (db) => takeAuthority(db, tenant))
    expect(held).toBe(await authorityOf(database.serverPool, tenant))
    for (const pool of [database.readerPool, database.executorPool])
      await expect(takeAuthority(pool, tenant)).rejects.toMatchObject({ code: '42501' })
  })
})

describe('the database', () => {
  const refused = { code: '23000', message: 'a policy set follows another only as an agreed change of it' }
  const insert = (tenant: string, over: Record<string, unknown> = {}) => {
    const row = {
      tenant,
      revision: 2,
      ...set('two'),
      change_id: 'chg_two',
      agreed_by: ['person:ann', 'person:bob'],
      ...over,
    }
    return database.serverPool.of(tenant).query(
      `insert into policy_sets (tenant, revision, digest, policies, author, authors, change_id, agreed_by)
       values ($1, $2, $3, $4, $5, $6, $7, $8)`,
      [
        row.tenant,
        row.revision,
        row.digest,
        JSON.stringify(row.policies),
        row.author,
        JSON.stringify(row.authors),
        row.change_id,
        row.agreed_by,
      ],
    )
  }

  test.each<[what: string, over: Record<string, unknown>, agree: readonly string[]]>([
    ['without a change', { change_id: null }, ['ann', 'bob']],
    ['under a change nobody proposed', { change_id: 'chg_other' }, ['ann', 'bob']],
    ['that one person agreed to', { agreed_by: ['person:ann'] }, ['ann']],
    ['that claims an agreement nobody gave', {}, ['ann']],
    ['with other policies than were agreed to', { policies: { 'a.cedar': 'evil' } }, ['ann', 'bob']],
    ['with other authors than were agreed to', { authors: {} }, ['ann', 'bob']],
    ['in the name of somebody else', { author: 'person:bob' }, ['ann', 'bob']],
  ])('refuses a second set %s', async (_, over, agree) => {
    const tenant = await settled()
    await propose(tenant, 'two')
    for (const name of agree) await say(tenant, 'chg_two', name)
    await expect(insert(tenant, over)).rejects.toMatchObject(refused)
    expect((await inForce(tenant))?.revision).toBe(1)
  })

  test('takes the one that was agreed to', async () => {
    const tenant = await settled()
    await propose(tenant, 'two')
    for (const name of ['ann', 'bob']) await say(tenant, 'chg_two', name)
    await insert(tenant)
    expect((await inForce(tenant))?.digest).toBe('two')
  })
})

test('a policy that was loosened and restored is seen in the sets that were in force, each with its time', async () => {
  const tenant = await settled()
  await publish(tenant, await propose(tenant, 'loose', { people: 0 }))
  await publish(tenant, await propose(tenant, 'one', { people: 0, change_id: 'chg_back' }))
  const sets = await loadPolicySets(database.readerPool, tenant, { limit: 10 })
  expect(sets.map(({ digest }) => digest)).toEqual(['one', 'loose', 'one'])
  expect(sets[0]?.until).toBeNull()
  expect(sets[1]?.until).toBe(sets[0]?.activated_at)
})
