import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { ActionRef } from '../../src/domain/activities.js'
import { loadAction } from '../../src/ledger/queries/load-action.js'
import { recordAmendment, type SignedAmendment } from '../../src/ledger/queries/record-amendment.js'
import { recordIntent } from '../../src/ledger/queries/record-intent.js'
import type { SealedEnvelope } from '../../src/ledger/queries/seal-envelope.js'
import { openTransaction, untilSomebodyWaits } from '../_util/concurrency.js'
import { freshDatabase, type TestDatabase } from '../_util/database.js'
import { authorityOf, intentFor, newAction, newEnvelope, newTenant, stopAll } from '../_util/ledger-rows.js'

let database: TestDatabase
beforeAll(async () => {
  database = await freshDatabase()
})
afterAll(() => database.drop())

async function anApproval(changes: Partial<SealedEnvelope> = {}) {
  const ref = await newAction(database.serverPool, await newTenant(database.serverPool))
  return { ref, sealed: await newEnvelope(database.serverPool, ref, changes) }
}

function amendmentOf(ref: ActionRef, sealed: SealedEnvelope, changes: Partial<SignedAmendment> = {}): SignedAmendment {
  return {
    kind: 'amendment',
    ...ref,
    revision: 1,
    approval_id: sealed.id,
    round: sealed.round,
    step: 'step1',
    args: { invoice_id: 'in_1', amount_cents: 40_000 },
    previous_digest: sealed.digest,
    amended_by: 'person:bob',
    account: 'token:c1',
    reason: 'half of it',
    at: '',
    statement: '{}',
    key_id: 'key-1',
    signature: 'signature',
    ...changes,
  }
}

async function record(ref: ActionRef, amendment: SignedAmendment, db = database.serverPool) {
  return recordAmendment(db, amendment, await authorityOf(database.serverPool, ref.tenant))
}

describe('an amendment', () => {
  test('is kept with its action, and keeps an intent that was decided before it from being written', async () => {
    const { ref, sealed } = await anApproval()
    const intent = await intentFor(database.serverPool, ref)
    expect(await record(ref, amendmentOf(ref, sealed))).toBe('recorded')
    expect((await loadAction(database.serverPool, ref))?.amendments).toMatchObject([
      { revision: 1, step: 'step1', args: { amount_cents: 40_000 }, amended_by: 'person:bob' },
    ])
    expect(await recordIntent(database.executorPool, intent)).toBe('moved')
  })

  test.each([
    ['of an approval that expired', { expires_at: new Date(Date.now() - 1_000).toISOString() }, {}],
    ['of another round', {}, { round: 2 }],
    ['of another envelope', {}, { previous_digest: 'sha256:other' }],
  ])('is not recorded: %s', async (_, sealedChanges, changes) => {
    const { ref, sealed } = await anApproval(sealedChanges)
    expect(await record(ref, amendmentOf(ref, sealed, changes))).toBe('closed')
  })

  test('is not recorded twice for one envelope, nor for one that was followed', async () => {
    const { ref, sealed } = await anApproval()
    expect(await record(ref, amendmentOf(ref, sealed))).toBe('recorded')
    expect(await record(ref, amendmentOf(ref, sealed, { revision: 2 }))).toBe('closed')
    const other = await anApproval()
    await newEnvelope(database.serverPool, other.ref, { round: 2, digest: 'sha256:2' })
    expect(await record(other.ref, amendmentOf(other.ref, other.sealed))).toBe('closed')
  })

  test('is not recorded under an authority that moved', async () => {
    const { ref, sealed } = await anApproval()
    const revision = await authorityOf(database.serverPool, ref.tenant)
    await stopAll(database.serverPool, ref.tenant)
    expect(await recordAmendment(database.serverPool, amendmentOf(ref, sealed), revision)).toBe('moved')
  })

  test('is not recorded once the intent is written', async () => {
    const { ref, sealed } = await anApproval()
    expect(await recordIntent(database.executorPool, await intentFor(database.serverPool, ref))).toBe('written')
    expect(await record(ref, amendmentOf(ref, sealed))).toBe('closed')
  })

  test('waits for an intent that is being written, and then is not recorded', async () => {
    const { ref, sealed } = await anApproval()
    const intent = await intentFor(database.serverPool, ref)
    const first = await openTransaction(database.executorPool)
    expect(await recordIntent(first, intent)).toBe('written')
    const amending = record(ref, amendmentOf(ref, sealed))
    await untilSomebodyWaits(database.readerPool)
    await first.commit()
    expect(await amending).toBe('closed')
  })

  test('holds up an intent, which then is not written', async () => {
    const { ref, sealed } = await anApproval()
    const intent = await intentFor(database.serverPool, ref)
    const first = await openTransaction(database.serverPool)
    expect(await recordAmendment(first, amendmentOf(ref, sealed), intent.authority_revision)).toBe('recorded')
    const intending = recordIntent(database.executorPool, intent)
    await untilSomebodyWaits(database.readerPool)
    await first.commit()
    expect(await intending).toBe('moved')
  })
})
