import { afterAll, beforeAll, expect, test } from 'vitest'
import { takeBudgetScopes } from '../../src/ledger/queries/take-budget-scopes.js'
import { freshDatabase, type TestDatabase } from '../_util/database.js'
import { newTenant } from '../_util/ledger-rows.js'

let database: TestDatabase
beforeAll(async () => {
  database = await freshDatabase()
})
afterAll(() => database.drop())

test('a transaction whose process stands still loses what it holds, and is not committed by whoever wakes up', async () => {
  const tenant = await newTenant(database.serverPool)
  const scope = ['["tenant","acme"]']
  const asleep = await database.executorPool.begin()
  await takeBudgetScopes(asleep, tenant, scope)
  // Rejects if it waits for longer than any statement may.
  const other = await database.executorPool.begin()
  await takeBudgetScopes(other, tenant, scope)
  await other.commit()
  await expect(asleep.commit()).rejects.toThrow()
})
