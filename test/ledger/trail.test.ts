import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { sealTrails } from '../../src/control-plane/seal-trails.js'
import { digest } from '../../src/digest.js'
import { closeAction } from '../../src/ledger/queries/close-action.js'
import { loadTrail } from '../../src/ledger/queries/load-trail.js'
import { noteClosedRun } from '../../src/ledger/queries/note-closed-run.js'
import { type ExportedHistory, firstLink, sealTrail } from '../../src/ledger/queries/seal-trail.js'
import { unsealedRuns } from '../../src/ledger/queries/unsealed-runs.js'
import { freshDatabase, type TestDatabase } from '../_util/database.js'
import { newAction, newTenant } from '../_util/ledger-rows.js'

let database: TestDatabase
beforeAll(async () => {
  database = await freshDatabase()
})
afterAll(() => database.drop())

const historyOf = (tenant: string, action_id: string): ExportedHistory => ({
  tenant,
  action_id,
  run_id: 'run',
  history: `{"of":"${action_id}"}`,
  history_digest: digest({ of: action_id }),
})

async function chainOf(tenant: string) {
  const { rows } = await database.readerPool
    .of(tenant)
    .query<ExportedHistory & { seq: number; previous: string; digest: string }>(
      'select * from trails where tenant = $1 order by seq',
      [tenant],
    )
  return rows
}

async function expectUnbroken(tenant: string, length: number): Promise<void> {
  const chain = await chainOf(tenant)
  expect(chain.map(({ seq }) => seq)).toEqual(Array.from({ length }, (_, index) => index + 1))
  for (const [index, { seq, action_id, run_id, history_digest, previous, digest: link }] of chain.entries()) {
    expect(previous).toBe(chain[index - 1]?.digest ?? firstLink)
    expect(link).toBe(digest({ seq, tenant, action_id, run_id, history_digest, previous }))
  }
}

describe('the chain of trails', () => {
  test('links every history to the one before it', async () => {
    for (const id of ['a', 'b', 'c']) expect(await sealTrail(database.serverPool, historyOf('chain', id))).toBe(true)
    await expectUnbroken('chain', 3)
  })

  test('stays one chain where many seal at once', async () => {
    const seal = async (id: string) => {
      while (!(await sealTrail(database.serverPool, historyOf('crowd', id)))) {
        // somebody else appended first
      }
    }
    await Promise.all(Array.from({ length: 15 }, (_, index) => seal(`action${index}`)))
    await expectUnbroken('crowd', 15)
    expect(new Set((await chainOf('crowd')).map(({ action_id }) => action_id)).size).toBe(15)
  })

  test('holds each run of an action once', async () => {
    await sealTrail(database.serverPool, historyOf('once', 'a'))
    expect(await sealTrail(database.serverPool, { ...historyOf('once', 'a'), history: '{}' })).toBe(false)
    expect(await sealTrail(database.serverPool, { ...historyOf('once', 'a'), run_id: 'run2' })).toBe(true)
    await expectUnbroken('once', 2)
    expect(await loadTrail(database.serverPool, { tenant: 'once', action_id: 'a' })).toMatchObject([
      { seq: 1, run_id: 'run', history: '{"of":"a"}' },
      { seq: 2, run_id: 'run2' },
    ])
  })

  test('is one per tenant', async () => {
    await sealTrail(database.serverPool, historyOf('one', 'a'))
    await sealTrail(database.serverPool, historyOf('two', 'a'))
    expect((await chainOf('two'))[0]).toMatchObject({ seq: 1, previous: firstLink })
  })
})

test('an ended action is owed a trail until it has one', async () => {
  const ref = await newAction(database.serverPool, await newTenant(database.serverPool))
  const owed = () => unsealedRuns(database.serverPool, ref.tenant, { passed: 0, limit: 50 })
  expect(await owed()).toEqual([])
  await closeAction(database.serverPool, ref, { outcome: 'succeeded', explanation: '', run_id: 'run' })
  expect(await owed()).toEqual([{ id: ref.action_id, run_id: 'run' }])
  await sealTrail(database.serverPool, historyOf(ref.tenant, ref.action_id))
  expect(await owed()).toEqual([])
})

test('a run that another took the place of is owed a trail too, once, while the action is open', async () => {
  const ref = await newAction(database.serverPool, await newTenant(database.serverPool))
  const owed = () => unsealedRuns(database.serverPool, ref.tenant, { passed: 0, limit: 50 })
  for (const run of ['gone', 'gone', 'last']) await noteClosedRun(database.serverPool, ref, run)
  // Who was taken for gone may have been about to end it.
  await closeAction(database.serverPool, ref, { outcome: 'succeeded', explanation: '', run_id: 'last' })
  expect(await owed()).toEqual(['gone', 'last'].map((run_id) => ({ id: ref.action_id, run_id })))
  for (const run_id of ['gone', 'last'])
    await sealTrail(database.serverPool, { ...historyOf(ref.tenant, ref.action_id), run_id })
  const { rows } = await database.serverPool
    .of(ref.tenant)
    .query('select cardinality(closed_runs) - sealed_runs as owed from actions')
  expect(rows).toEqual([{ owed: 0 }])
})

test('histories that are not to be had hold up no other', async () => {
  const tenant = await newTenant(database.serverPool)
  const ids: string[] = []
  for (const request of ['r1', 'r2', 'r3', 'r4', 'r5']) {
    const ref = await newAction(database.serverPool, tenant, request)
    ids.push(ref.action_id)
    await closeAction(database.serverPool, ref, { outcome: 'succeeded', explanation: '', run_id: `run of ${request}` })
  }
  const deleted = ids.slice(0, 3)
  const workflows = {
    history: async ({ action_id }: { action_id: string }) => {
      if (deleted.includes(action_id)) throw new Error('workflow not found')
      return { events: [{ eventType: 'EVENT_TYPE_WORKFLOW_EXECUTION_COMPLETED' }] }
    },
  }
  const deps = { pool: database.serverPool, workflows } as unknown as Parameters<typeof sealTrails>[0]
  await sealTrails(deps, 2)
  expect((await chainOf(tenant)).map((link) => link.action_id)).toEqual(ids.slice(3))
})
