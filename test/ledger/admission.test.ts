import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { admitAction } from '../../src/ledger/queries/admit-action.js'
import { loadAction } from '../../src/ledger/queries/load-action.js'
import { loadAuthority } from '../../src/ledger/queries/load-authority.js'
import { readRevision } from '../../src/ledger/queries/read-revision.js'
import { recordMembership } from '../../src/ledger/queries/record-membership.js'
import { openTransaction, untilSomebodyWaits } from '../_util/concurrency.js'
import { freshDatabase, type TestDatabase } from '../_util/database.js'
import { admissionOf, newTenant, stopAll } from '../_util/ledger-rows.js'

let database: TestDatabase
beforeAll(async () => {
  database = await freshDatabase()
})
afterAll(() => database.drop())

describe('an admission', () => {
  test('stores the request as it is, and answers the same again with what is stored', async () => {
    const { serverPool } = database
    const admission = admissionOf(await newTenant(serverPool))
    expect(await admitAction(serverPool, admission)).toMatchObject({ held: true, admitted: true, existing: null })
    const again = await admitAction(serverPool, admission)
    expect(again).toMatchObject({ held: true, admitted: false })
    expect(again.existing).toEqual({
      id: admission.id,
      request_digest: admission.request_digest,
      outcome: null,
      request: admission.request,
      contracts: admission.contracts,
    })
  })

  test('answers another body under the same request id with the first one', async () => {
    const { serverPool } = database
    const admission = admissionOf(await newTenant(serverPool))
    await admitAction(serverPool, admission)
    const other = await admitAction(serverPool, { ...admission, request: '{}', request_digest: 'sha256:other' })
    expect(other).toMatchObject({ admitted: false, existing: { request_digest: admission.request_digest } })
  })

  test('of one request id by two agents, or in two tenants, are two actions', async () => {
    const { serverPool } = database
    const [tenant, elsewhere] = [await newTenant(serverPool), await newTenant(serverPool)]
    for (const admission of [
      admissionOf(tenant),
      admissionOf(tenant, { agent: 'agent:other' }),
      admissionOf(elsewhere),
    ]) {
      expect(await admitAction(serverPool, admission)).toMatchObject({ admitted: true })
    }
  })

  test('is one, where twenty ask at once, and each of them finds it', async () => {
    const { serverPool } = database
    const admission = admissionOf(await newTenant(serverPool))
    const answers = await Promise.all(Array.from({ length: 20 }, () => admitAction(serverPool, admission)))
    expect(answers.every(({ held }) => held)).toBe(true)
    expect(answers.filter(({ admitted }) => admitted)).toHaveLength(1)
    expect(answers.filter(({ admitted, existing }) => admitted || existing?.id === admission.id)).toHaveLength(20)
  })

  test('is found by one that had to wait for it', async () => {
    const { serverPool } = database
    const admission = admissionOf(await newTenant(serverPool))
    const first = await openTransaction(serverPool)
    expect(await admitAction(first, admission)).toMatchObject({ admitted: true })
    const second = admitAction(serverPool, { ...admission, request: '{}', request_digest: 'sha256:other' })
    await untilSomebodyWaits(serverPool)
    await first.commit()
    expect(await second).toMatchObject({ admitted: false, existing: { request_digest: admission.request_digest } })
  })

  test('is refused where the authority is not the one it was checked under', async () => {
    const { serverPool } = database
    const tenant = await newTenant(serverPool)
    for (const authority_revision of [0, 2]) {
      const answer = await admitAction(serverPool, admissionOf(tenant, { authority_revision }))
      expect(answer).toEqual({ held: false, admitted: false, existing: null, joined: null, full: false, looped: false })
    }
    expect(await admitAction(serverPool, admissionOf('nobody'))).toMatchObject({ held: false, admitted: false })
  })

  test('of a request that is not sound admits nothing, but finds what was admitted before', async () => {
    const { serverPool } = database
    const admission = admissionOf(await newTenant(serverPool))
    const unsound = { ...admission, sound: false }
    expect(await admitAction(serverPool, unsound)).toEqual({
      held: true,
      admitted: false,
      existing: null,
      joined: null,
      full: false,
      looped: false,
    })
    await admitAction(serverPool, admission)
    expect(await admitAction(serverPool, unsound)).toMatchObject({ admitted: false, existing: { id: admission.id } })
  })

  test('is refused after a change of authority that it had to wait for', async () => {
    const { serverPool } = database
    const tenant = await newTenant(serverPool)
    const change = await openTransaction(serverPool)
    await stopAll(change, tenant)
    const admission = admitAction(serverPool, admissionOf(tenant))
    await untilSomebodyWaits(serverPool)
    await change.commit()
    expect(await admission).toEqual({
      held: false,
      admitted: false,
      existing: null,
      joined: null,
      full: false,
      looped: false,
    })
    expect(await loadAction(serverPool, { tenant, action_id: admissionOf(tenant).id })).toBeNull()
  })

  test('is found by its tenant only', async () => {
    const { serverPool } = database
    const admission = admissionOf(await newTenant(serverPool))
    await admitAction(serverPool, admission)
    const { tenant, id } = admission
    expect(await loadAction(serverPool, { tenant, action_id: id })).toMatchObject({ stage: 'request', revision: 0 })
    expect(await loadAction(serverPool, { tenant: 'other', action_id: id })).toBeNull()
  })
})

describe('the authority of a tenant', () => {
  test('is raised by everything it rests on, and by nothing of another tenant', async () => {
    const { serverPool, executorPool } = database
    const [tenant, other] = [await newTenant(serverPool), await newTenant(serverPool)]
    const facts: readonly (() => Promise<unknown>)[] = [
      () => stopAll(serverPool, tenant),
      () =>
        recordMembership(serverPool, tenant, { name: 'finance', member: 'person:bob', state: 'member' }, 'person:ann'),
      () =>
        serverPool.of(tenant).query(
          `insert into credentials (tenant, credential_id, revision, principal, token_hash, state, recorded_by)
           values ($1, 'c1', 1, 'agent:desk', 'hash', 'live', 'person:ann')`,
          [tenant],
        ),
      () =>
        serverPool
          .of(tenant)
          .query(
            `insert into policy_sets (tenant, revision, digest, policies, author) values ($1, 1, 'd', '{}', 'person:ann')`,
            [tenant],
          ),
      () =>
        executorPool
          .of(tenant)
          .query(
            `insert into contracts (tenant, tool, version, revision, digest, contract, status) values ($1, 't', 1, 1, 'd', '{}', 'live')`,
            [tenant],
          ),
    ]
    for (const [index, add] of facts.entries()) {
      await add()
      expect(await readRevision(serverPool, tenant)).toBe(index + 2)
    }
    expect(await readRevision(serverPool, other)).toBe(1)
    expect(await readRevision(serverPool, 'nobody')).toBeNull()
  })

  test('is what was recorded last of everybody, at one revision', async () => {
    const { serverPool } = database
    const tenant = await newTenant(serverPool)
    for (const state of ['member', 'removed'] as const) {
      await recordMembership(serverPool, tenant, { name: 'finance', member: 'person:bob', state }, 'person:ann')
    }
    await recordMembership(serverPool, tenant, { name: 'finance', member: 'person:cid', state: 'member' }, 'person:ann')
    await stopAll(serverPool, tenant)
    expect(await loadAuthority(serverPool, tenant)).toMatchObject({
      revision: 5,
      principals: [{ principal: 'agent:desk', kind: 'agent', state: 'live', owner: 'person:ann' }],
      memberships: [{ name: 'finance', member: 'person:cid' }],
      credentials: [],
      stops: [{ scope: 'tenant', reason: 'fire', pending: 'end', by: 'person:ann' }],
      contracts: [],
      policy_set: null,
    })
  })
})
