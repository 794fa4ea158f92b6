import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { loadAuthority } from '../../src/ledger/queries/load-authority.js'
import { publishContract } from '../../src/ledger/queries/publish-contract.js'
import { refundInvoice, registered } from '../_util/contracts.js'
import { freshDatabase, type TestDatabase } from '../_util/database.js'
import { authorityOf, newTenant } from '../_util/ledger-rows.js'

let database: TestDatabase
beforeAll(async () => {
  database = await freshDatabase()
})
afterAll(() => database.drop())

describe('a contract', () => {
  test('is published once, and known from then on', async () => {
    const tenant = await newTenant(database.serverPool)
    const refund = registered(refundInvoice)
    expect(await publishContract(database.executorPool, tenant, refund)).toBe('published')
    const revision = await authorityOf(database.serverPool, tenant)
    expect(await publishContract(database.executorPool, tenant, refund)).toBe('known')
    expect(await authorityOf(database.serverPool, tenant)).toBe(revision)
    expect((await loadAuthority(database.serverPool, tenant)).contracts).toMatchObject([refund])
  })

  test('of the same name and version with other content is a conflict', async () => {
    const tenant = await newTenant(database.serverPool)
    await publishContract(database.executorPool, tenant, registered(refundInvoice))
    const other = registered(refundInvoice, 'live', null, { risk: 'low' })
    expect(await publishContract(database.executorPool, tenant, other)).toBe('conflict')
    expect(
      await publishContract(database.executorPool, tenant, registered(refundInvoice, 'live', null, { version: 2 })),
    ).toBe('published')
  })

  test('can change its status, and the last one counts', async () => {
    const tenant = await newTenant(database.serverPool)
    for (const status of ['live', 'deprecated', 'withdrawn', 'live'] as const) {
      expect(await publishContract(database.executorPool, tenant, registered(refundInvoice, status))).toBe('published')
      expect((await loadAuthority(database.serverPool, tenant)).contracts).toMatchObject([{ status }])
    }
  })

  test('is published by one of ten executors that start at once', async () => {
    const tenant = await newTenant(database.serverPool)
    const answers = await Promise.all(
      Array.from({ length: 10 }, () => publishContract(database.executorPool, tenant, registered(refundInvoice))),
    )
    expect(answers.filter((answer) => answer === 'published')).toHaveLength(1)
    expect(answers.filter((answer) => answer === 'known')).toHaveLength(9)
  })
})
