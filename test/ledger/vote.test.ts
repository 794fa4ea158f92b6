import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { ActionRef } from '../../src/domain/activities.js'
import { cancelAction } from '../../src/ledger/queries/cancel-action.js'
import { castVote, type SignedVote } from '../../src/ledger/queries/cast-vote.js'
import { closeAction } from '../../src/ledger/queries/close-action.js'
import { lastHint } from '../../src/ledger/queries/last-hint.js'
import { loadAction } from '../../src/ledger/queries/load-action.js'
import { loadAuthority } from '../../src/ledger/queries/load-authority.js'
import { markDelivered } from '../../src/ledger/queries/mark-delivered.js'
import { owedHints } from '../../src/ledger/queries/owed-hints.js'
import { type Intent, recordIntent } from '../../src/ledger/queries/record-intent.js'
import { recordKey, revokeKey } from '../../src/ledger/queries/record-key.js'
import { recordMembership } from '../../src/ledger/queries/record-membership.js'
import type { SealedEnvelope } from '../../src/ledger/queries/seal-envelope.js'
import { freshDatabase, type TestDatabase } from '../_util/database.js'
import { authorityOf, intentFor, newAction, newEnvelope, newTenant, voteOn } from '../_util/ledger-rows.js'

let database: TestDatabase
beforeAll(async () => {
  database = await freshDatabase()
})
afterAll(() => database.drop())

async function anApproval(changes: Partial<SealedEnvelope> = {}): Promise<{ ref: ActionRef; sealed: SealedEnvelope }> {
  const ref = await newAction(database.serverPool, await newTenant(database.serverPool))
  return { ref, sealed: await newEnvelope(database.serverPool, ref, changes) }
}

const vote = async (ref: ActionRef, sealed: SealedEnvelope, changes: Partial<SignedVote> = {}) =>
  castVote(
    database.serverPool,
    ref,
    voteOn(ref.tenant, sealed, changes),
    await authorityOf(database.serverPool, ref.tenant),
  )
const votesOf = async (ref: ActionRef) => (await loadAction(database.serverPool, ref))?.votes
const inThePast = () => new Date(Date.now() - 1000).toISOString()

describe('a vote', () => {
  test('is recorded with what was signed, and moves its action on', async () => {
    const { ref, sealed } = await anApproval()
    expect(await vote(ref, sealed)).toBe('cast')
    const record = await loadAction(database.serverPool, ref)
    expect(record).toMatchObject({ revision: 1, stage: 'approval' })
    expect(record?.votes).toMatchObject([
      {
        approval_id: sealed.id,
        approver: 'person:bob',
        vote: 'approve',
        envelope_digest: sealed.digest,
        statement: '{}',
      },
    ])
  })

  test('is one per person, and the first one stands', async () => {
    const { ref, sealed } = await anApproval()
    await vote(ref, sealed, { vote: 'reject' })
    expect(await vote(ref, sealed)).toBe('voted-before')
    expect(await vote(ref, sealed, { approver: 'person:cid' })).toBe('cast')
    expect((await votesOf(ref))?.map(({ approver, vote }) => [approver, vote])).toEqual([
      ['person:bob', 'reject'],
      ['person:cid', 'approve'],
    ])
  })

  test('is one per person where twenty are cast at once', async () => {
    const { ref, sealed } = await anApproval()
    const answers = await Promise.all(Array.from({ length: 20 }, () => vote(ref, sealed)))
    expect(answers.filter((answer) => answer === 'cast')).toHaveLength(1)
    expect(await votesOf(ref)).toHaveLength(1)
  })

  test('of twenty people at once are twenty, and none of them is lost to the action', async () => {
    const { ref, sealed } = await anApproval()
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, index) => vote(ref, sealed, { approver: `person:p${index}` })),
    )
    expect(answers).toEqual(Array(20).fill('cast'))
    expect(await loadAction(database.serverPool, ref)).toMatchObject({ revision: 20 })
  })

  test('for another content than what waits is not taken', async () => {
    const { ref, sealed } = await anApproval()
    expect(await vote(ref, sealed, { envelope_digest: 'sha256:other' })).toBe('closed')
    expect(await vote(ref, sealed, { approval_id: 'apr_other' })).toBe('closed')
    expect(await votesOf(ref)).toEqual([])
  })

  test('for the approval of another action is not taken', async () => {
    const { ref, sealed } = await anApproval()
    const other = await newAction(database.serverPool, ref.tenant, 'r2')
    await newEnvelope(database.serverPool, other)
    expect(await vote(other, sealed)).toBe('closed')
    expect(await votesOf(other)).toEqual([])
    expect(await votesOf(ref)).toEqual([])
  })

  test('after the expiry, by the clock of the ledger, is not taken', async () => {
    const { ref, sealed } = await anApproval({ expires_at: inThePast() })
    expect(await vote(ref, sealed)).toBe('closed')
  })

  test('after the ending is not taken', async () => {
    const { ref, sealed } = await anApproval()
    await closeAction(database.serverPool, ref, { outcome: 'cancelled', explanation: '', run_id: 'run' })
    expect(await vote(ref, sealed)).toBe('closed')
  })

  test('for an earlier round is not taken once there is a later one', async () => {
    const { ref, sealed } = await anApproval()
    const later = await newEnvelope(database.serverPool, ref, { round: 2 })
    expect(await vote(ref, sealed)).toBe('closed')
    expect(await vote(ref, later)).toBe('cast')
  })

  test('is not taken under an authority that moved', async () => {
    const { ref, sealed } = await anApproval()
    const revision = await authorityOf(database.serverPool, ref.tenant)
    const removed = { name: 'finance', member: 'person:bob', state: 'removed' } as const
    await recordMembership(database.serverPool, ref.tenant, removed, 'person:ann')
    expect(await castVote(database.serverPool, ref, voteOn(ref.tenant, sealed), revision)).toBe('moved')
    expect(await votesOf(ref)).toEqual([])
  })

  test('is for an envelope that exists', async () => {
    const { ref } = await anApproval()
    await expect(
      database.serverPool.of(ref.tenant).query(
        `insert into votes (tenant, approval_id, approver, revision, account, action_id, vote, reason, method, envelope_digest, rendering_digest, statement, key_id, signature)
         values ($1, 'apr_x', 'person:bob', 1, '', $2, 'approve', '', '', '', '', '', '', '')`,
        [ref.tenant, ref.action_id],
      ),
    ).rejects.toMatchObject({ code: '23503' })
  })

  test('that comes after the evaluation keeps an intent from being written', async () => {
    const { ref, sealed } = await anApproval()
    const intent: Intent = await intentFor(database.serverPool, ref)
    await vote(ref, sealed, { vote: 'reject' })
    expect(await recordIntent(database.executorPool, intent)).toBe('moved')
  })
})

describe('a vote of a later revision', () => {
  test('is the one after the last, and no other', async () => {
    const { ref, sealed } = await anApproval()
    expect(await vote(ref, sealed, { revision: 2 })).toBe('voted-before')
    expect(await vote(ref, sealed)).toBe('cast')
    expect(await vote(ref, sealed)).toBe('voted-before')
    expect(await vote(ref, sealed, { revision: 3 })).toBe('voted-before')
    expect(await vote(ref, sealed, { revision: 2, vote: 'withdraw' })).toBe('cast')
    expect((await votesOf(ref))?.map(({ revision, vote }) => [revision, vote])).toEqual([
      [1, 'approve'],
      [2, 'withdraw'],
    ])
  })

  test('and an intent never both come to pass: a withdrawal is seen, or comes too late', async () => {
    const seen = new Set<string>()
    for (let round = 0; round < 30; round += 1) {
      const { ref, sealed } = await anApproval()
      await vote(ref, sealed)
      const intent = await intentFor(database.serverPool, ref, { envelope_digest: sealed.digest })
      const withdraw = () => vote(ref, sealed, { revision: 2, vote: 'withdraw' })
      const execute = () => recordIntent(database.executorPool, intent)
      const both = round % 2 ? [withdraw(), execute()] : [execute(), withdraw()]
      seen.add((await Promise.all(both)).sort().join())
    }
    for (const outcome of seen) expect(['cast,moved', 'closed,written']).toContain(outcome)
  })
})

describe('an approval', () => {
  test('is used once, however many want to use it at the same time', async () => {
    const { ref, sealed } = await anApproval()
    await vote(ref, sealed)
    const intent = await intentFor(database.serverPool, ref, { envelope_digest: sealed.digest })
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, index) =>
        recordIntent(database.executorPool, { ...intent, executor: `executor-${index}` }),
      ),
    )
    expect(answers.filter((answer) => answer === 'written')).toHaveLength(1)
    const { rows } = await database.readerPool.of(ref.tenant).query(
      `select (select count(*)::int from intents where tenant = $1 and action_id = $2) as intents,
         (select count(*)::int from consumptions where tenant = $1 and action_id = $2) as consumptions,
         (select count(*)::int from attempts where tenant = $1 and action_id = $2) as attempts`,
      [ref.tenant, ref.action_id],
    )
    expect(rows).toEqual([{ intents: 1, consumptions: 1, attempts: 1 }])
  })

  test("cannot be used after its expiry, which the ledger's clock tells, whatever an executor has evaluated", async () => {
    const { ref, sealed } = await anApproval({ expires_at: new Date(Date.now() + 300).toISOString() })
    await vote(ref, sealed)
    const intent = await intentFor(database.serverPool, ref, { envelope_digest: sealed.digest })
    await database.serverPool.ofNobody.query('select pg_sleep(0.5)')
    expect(await recordIntent(database.executorPool, intent)).not.toBe('written')
  })
})

describe('a key', () => {
  const keyRow = {
    key_id: 'ed25519:0011223344556677',
    kind: 'ed25519',
    principal: 'person:ann',
    public_key: 'MCow',
    recorded_by: 'person:ann',
    account: 'token:crd_1',
    statement: '{}',
    signed_by: 'ed25519:server',
    signature: 's',
  } as const

  test('is registered once, and revoked for ever; either moves the authority on', async () => {
    const tenant = await newTenant(database.serverPool)
    const before = await authorityOf(database.serverPool, tenant)
    expect(await recordKey(database.serverPool, tenant, keyRow)).toBe(true)
    expect(await recordKey(database.serverPool, tenant, { ...keyRow, principal: 'person:omar' })).toBe(false)
    expect((await loadAuthority(database.serverPool, tenant)).keys).toMatchObject([keyRow])
    await revokeKey(database.serverPool, tenant, keyRow, { recorded_by: 'person:ann', account: 'token:crd_2' })
    expect((await loadAuthority(database.serverPool, tenant)).keys).toEqual([])
    expect(await authorityOf(database.serverPool, tenant)).toBe(before + 2)
    expect(await recordKey(database.serverPool, tenant, keyRow)).toBe(false)
    await expect(
      database.serverPool.of(tenant).query(
        `insert into keys (tenant, key_id, revision, principal, public_key, state, recorded_by, account, statement, signed_by, signature, kind)
         select tenant, key_id, 3, principal, public_key, 'live', recorded_by, account, statement, signed_by, signature, kind
         from keys where revision = 1 and tenant = $1`,
        [tenant],
      ),
    ).rejects.toMatchObject({ code: '23514' })
  })
})

describe('an envelope', () => {
  test('of a round is sealed once: the first stands', async () => {
    const { ref, sealed } = await anApproval()
    await newEnvelope(database.serverPool, ref, { envelope: '{}', digest: 'sha256:other' })
    const record = await loadAction(database.serverPool, ref)
    expect(record?.envelopes).toMatchObject([{ round: 1, digest: sealed.digest, requirements: { finance: 1 } }])
    expect(record?.envelopes[0]?.left_ms).toBeGreaterThan(3_500_000)
  })

  test('does not open an action again that has ended', async () => {
    const ref = await newAction(database.serverPool, await newTenant(database.serverPool))
    await closeAction(database.serverPool, ref, { outcome: 'denied', explanation: '', run_id: 'run' })
    await newEnvelope(database.serverPool, ref)
    expect(await loadAction(database.serverPool, ref)).toMatchObject({ stage: 'trail', outcome: 'denied' })
  })
})

describe('the outbox', () => {
  const owedTo = async (ref: ActionRef) =>
    (await owedHints(database.serverPool, ref.tenant)).filter(({ action_id }) => action_id === ref.action_id).length

  test('owes the workflow one hint per vote and for a cancellation', async () => {
    const { ref, sealed } = await anApproval()
    expect(await owedTo(ref)).toBe(0)
    await vote(ref, sealed)
    expect(await owedTo(ref)).toBe(1)
    await vote(ref, sealed, { approver: 'person:cid' })
    await cancelAction(database.serverPool, ref, 'person:ann', 'no longer')
    expect(await owedTo(ref)).toBe(3)
  })

  test('owes nothing for a vote that was not taken, nor for a second cancellation', async () => {
    const { ref, sealed } = await anApproval()
    await vote(ref, sealed, { envelope_digest: 'sha256:other' })
    await cancelAction(database.serverPool, ref, 'person:ann', 'no longer')
    await cancelAction(database.serverPool, ref, 'person:bob', 'me too')
    expect(await owedTo(ref)).toBe(1)
    expect((await loadAction(database.serverPool, ref))?.cancellation).toMatchObject({ cancelled_by: 'person:ann' })
  })

  test('owes what was delivered no more, and what comes later again', async () => {
    const { ref, sealed } = await anApproval()
    await vote(ref, sealed)
    await markDelivered(database.serverPool, ref, (await lastHint(database.serverPool, ref)) ?? 0)
    expect(await owedTo(ref)).toBe(0)
    await vote(ref, sealed, { approver: 'person:cid' })
    expect(await owedTo(ref)).toBe(1)
    await markDelivered(database.serverPool, ref, (await lastHint(database.serverPool, ref)) ?? 0)
    await markDelivered(database.serverPool, ref, (await lastHint(database.serverPool, ref)) ?? 0)
    expect(await owedTo(ref)).toBe(0)
  })

  test('owes an action that has ended nothing', async () => {
    const { ref, sealed } = await anApproval()
    await vote(ref, sealed)
    await closeAction(database.serverPool, ref, { outcome: 'succeeded', explanation: '', run_id: 'run' })
    expect(await owedTo(ref)).toBe(0)
  })
})
