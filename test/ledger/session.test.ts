import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { digestBytes } from '../../src/digest.js'
import type { ActionRef } from '../../src/domain/activities.js'
import type { ReadKind } from '../../src/domain/session.js'
import { admitAction } from '../../src/ledger/queries/admit-action.js'
import { loadAction, loadActionInSession } from '../../src/ledger/queries/load-action.js'
import { type Intent, recordIntent } from '../../src/ledger/queries/record-intent.js'
import { freshDatabase, type TestDatabase } from '../_util/database.js'
import { admissionOf, authorityOf, intentFor, newTenant, under } from '../_util/ledger-rows.js'

let database: TestDatabase
beforeAll(async () => {
  database = await freshDatabase()
})
afterAll(() => database.drop())

const day = 86_400_000
const both: readonly ReadKind[] = ['untrusted', 'sensitive']

interface Asking {
  readonly agent?: string
  readonly actors?: readonly string[]
  readonly session?: string
}

/** Admits a request of an agent, of a session where the credential named one. */
async function anAction(tenant: string, request_id: string, asking: Asking = {}): Promise<ActionRef> {
  const agent = asking.agent ?? 'agent:desk'
  // What the agent calls its session means nothing.
  const request = JSON.stringify({ tenant, context: { request_id, session_id: request_id }, ...asking, agent })
  const admission = admissionOf(tenant, {
    agent,
    request_id,
    request,
    request_digest: digestBytes(request),
    authority_revision: await authorityOf(database.serverPool, tenant),
  })
  await admitAction(database.serverPool, admission)
  return { tenant, action_id: admission.id }
}

/** Writes an intent of a request: what it asks for may be read from now on. */
async function call(ref: ActionRef, asking: Asking = {}, changes: Partial<Intent> = {}) {
  const agent = asking.agent ?? 'agent:desk'
  const intent = await intentFor(database.serverPool, ref, {
    principal: agent,
    session: asking.session ?? null,
    under: { ...under, agent, actors: asking.actors ?? [] },
    known_reads: both,
    ...changes,
  })
  return recordIntent(database.executorPool, intent)
}

const pastOf = async (ref: ActionRef, windowMs = day) =>
  (await loadActionInSession(database.serverPool, ref, windowMs))?.session

describe('what an agent did before', () => {
  test('is nothing at first, and not known where nobody asks', async () => {
    const ref = await anAction(await newTenant(database.serverPool), 'r1')
    expect(await pastOf(ref)).toEqual({ calls: 0, read_untrusted: false, read_sensitive: false })
    expect((await loadAction(database.serverPool, ref))?.session).toBeUndefined()
  })

  test('is counted and remembered over all of its actions', async () => {
    const tenant = await newTenant(database.serverPool)
    await call(await anAction(tenant, 'r1'), {}, { reads: ['sensitive'] })
    await call(await anAction(tenant, 'r2'))
    const ref = await anAction(tenant, 'r3')
    expect(await pastOf(ref)).toEqual({ calls: 2, read_untrusted: false, read_sensitive: true })
    await call(ref, {}, { reads: ['untrusted'] })
    expect(await pastOf(ref)).toEqual({ calls: 3, read_untrusted: true, read_sensitive: true })
  })

  test('holds what was read for its decisions, but no call of its own', async () => {
    const ref = await anAction(await newTenant(database.serverPool), 'r1')
    await call(ref, {}, { phase: 'observe', principal: 'service:observer', reads: ['sensitive'] })
    expect(await pastOf(ref)).toEqual({ calls: 0, read_untrusted: false, read_sensitive: true })
  })

  test('is its own: neither that of another agent, nor of another tenant', async () => {
    const [tenant, other] = [await newTenant(database.serverPool), await newTenant(database.serverPool)]
    const reads = { reads: both }
    await call(await anAction(tenant, 'r1', { agent: 'agent:other' }), { agent: 'agent:other' }, reads)
    await call(await anAction(other, 'r1'), {}, reads)
    expect(await pastOf(await anAction(tenant, 'r2'))).toEqual({
      calls: 0,
      read_untrusted: false,
      read_sensitive: false,
    })
  })

  test('holds what the agents did that it acts for', async () => {
    const tenant = await newTenant(database.serverPool)
    await call(await anAction(tenant, 'r1', { agent: 'agent:first' }), { agent: 'agent:first' }, { reads: both })
    const ref = await anAction(tenant, 'r2', { actors: ['agent:first'] })
    expect(await pastOf(ref)).toEqual({ calls: 1, read_untrusted: true, read_sensitive: true })
  })

  test('holds what others did in its name: nothing is washed by sending a helper to read it', async () => {
    const tenant = await newTenant(database.serverPool)
    const helper = { agent: 'agent:helper', actors: ['agent:desk'] }
    await call(await anAction(tenant, 'r1', helper), helper, { reads: both })
    const ref = await anAction(tenant, 'r2')
    expect(await pastOf(ref)).toEqual({ calls: 1, read_untrusted: true, read_sensitive: true })
    expect(await call(ref, {}, { known_reads: [] })).toBe('moved')
  })

  test('is forgotten after the window, and not before', async () => {
    const tenant = await newTenant(database.serverPool)
    const ref = await anAction(tenant, 'r1')
    await call(ref, {}, { reads: both })
    await new Promise((passed) => setTimeout(passed, 20))
    expect(await pastOf(ref, 10)).toEqual({ calls: 0, read_untrusted: false, read_sensitive: false })
    expect(await pastOf(ref)).toMatchObject({ calls: 1, read_untrusted: true })
  })

  test('is that of the session where the credential names one, whatever the request calls it', async () => {
    const tenant = await newTenant(database.serverPool)
    const one = { session: 'one' }
    await call(await anAction(tenant, 'r1', one), one, { reads: ['sensitive'] })
    await call(await anAction(tenant, 'r2'), {}, { reads: ['untrusted'] })
    expect(await pastOf(await anAction(tenant, 'r3', one))).toMatchObject({
      read_untrusted: false,
      read_sensitive: true,
    })
    expect(await pastOf(await anAction(tenant, 'r4', { session: 'two' }))).toMatchObject({
      calls: 0,
      read_sensitive: false,
    })
    expect(await pastOf(await anAction(tenant, 'r5'))).toMatchObject({ read_untrusted: true, read_sensitive: true })
  })
})

describe('an intent', () => {
  test('is not written where more was read than its decision knew', async () => {
    const tenant = await newTenant(database.serverPool)
    const [reading, sending] = [await anAction(tenant, 'r1'), await anAction(tenant, 'r2')]
    await call(reading, {}, { reads: ['sensitive'] })
    for (const known_reads of [[], ['untrusted']] as const)
      expect(await call(sending, {}, { known_reads })).toBe('moved')
    expect((await loadAction(database.serverPool, sending))?.intents).toEqual([])
    expect(await call(sending, {}, { known_reads: ['sensitive'] })).toBe('written')
  })

  test('does not wait for what another agent, or another session, read', async () => {
    const tenant = await newTenant(database.serverPool)
    const other = { agent: 'agent:other' }
    await call(await anAction(tenant, 'r1', other), other, { reads: both })
    const one = { session: 'one' }
    await call(await anAction(tenant, 'r2', one), one, { reads: both })
    const two = { session: 'two' }
    expect(await call(await anAction(tenant, 'r3', two), two, { known_reads: [] })).toBe('written')
    expect(await call(await anAction(tenant, 'r4', one), one, { known_reads: [] })).toBe('moved')
  })
})
