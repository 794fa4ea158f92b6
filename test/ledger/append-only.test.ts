import pg from 'pg'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { castVote } from '../../src/ledger/queries/cast-vote.js'
import { closeAction } from '../../src/ledger/queries/close-action.js'
import { freshDatabase, type TestDatabase } from '../_util/database.js'
import { authorityOf, newAction, newEnvelope, newTenant, voteOn } from '../_util/ledger-rows.js'

const appendOnly = [
  'contracts',
  'policy_sets',
  'policy_changes',
  'policy_agreements',
  'principals',
  'groups',
  'credentials',
  'accounts',
  'keys',
  'stops',
  'cancellations',
  'halts',
  'refusals',
  'decisions',
  'observations',
  'envelopes',
  'explained_effects',
  'votes',
  'amendments',
  'consumptions',
  'intents',
  'attempts',
  'outcomes',
  'verifications',
  'looks',
  'late_results',
  'leases',
  'reviews',
  'outbox',
  'trails',
  'joins',
  'notices',
  'budget_events',
  'reported_usage',
  'attentions',
  'resolutions',
  'resumptions',
  'effect_looks',
  'effect_look_results',
  'look_leases',
  'shadow_effects',
  'shadow_acknowledgements',
  'breaker_changes',
  'sign_in_links',
  'sign_ins',
  'sign_in_events',
  'passkey_challenges',
  'slack_codes',
  'slack_code_uses',
  'slack_clicks',
]

const projections = [
  'actions',
  'counters',
  'reservations',
  'budget_scopes',
  'reconciliations',
  'downstreams',
  'slots',
  'unrouted_notices',
  'deliveries',
  'slack_posts',
]

let database: TestDatabase
let owner: pg.Client

beforeAll(async () => {
  database = await freshDatabase()
  owner = new pg.Client({ connectionString: database.ownerUrl })
  await owner.connect()
})

afterAll(async () => {
  await owner.end()
  await database.drop()
})

describe('what is only ever added to', () => {
  test('are all the tables but the projections and the counters', async () => {
    const { rows } = await owner.query<{ tablename: string }>(
      `select tablename from pg_tables where schemaname = 'public' and tablename <> 'exq_migrations'`,
    )
    expect(rows.map(({ tablename }) => tablename).sort()).toEqual([...appendOnly, ...projections].sort())
  })

  test.each(appendOnly)('%s: not even the owner may update, delete or truncate', async (table) => {
    const refused = { code: '23000', message: `${table} is append-only` }
    await expect(owner.query(`update ${table} set tenant = tenant`)).rejects.toMatchObject(refused)
    await expect(owner.query(`delete from ${table}`)).rejects.toMatchObject(refused)
    await expect(owner.query(`truncate ${table} cascade`)).rejects.toMatchObject({
      code: '23000',
      message: expect.stringContaining('is append-only'),
    })
  })

  test('a vote stays as it was cast, and nothing overwrites it', async () => {
    const tenant = await newTenant(database.serverPool)
    const ref = await newAction(database.serverPool, tenant)
    const sealed = await newEnvelope(database.serverPool, ref)
    const revision = await authorityOf(database.serverPool, tenant)
    await castVote(database.serverPool, ref, voteOn(tenant, sealed, { vote: 'reject' }), revision)
    await expect(
      owner.query(
        `insert into votes select * from votes on conflict (tenant, approval_id, approver, revision) do update set vote = 'approve'`,
      ),
    ).rejects.toMatchObject({ code: '23000' })
    const { rows } = await owner.query('select vote from votes where tenant = $1', [tenant])
    expect(rows).toEqual([{ vote: 'reject' }])
  })
})

describe('an admitted action', () => {
  test.each([
    `tenant = 'other'`,
    `id = 'act_other'`,
    `agent = 'agent:other'`,
    `request_id = 'other'`,
    `request = '{}'`,
    `request_digest = 'sha256:other'`,
    `contracts = '{}'`,
    `tools = array['other']`,
    `risk = 'low'`,
    `subject = 'ticket:other'`,
    `admitted_at = now() + interval '1 second'`,
  ])('keeps what it was admitted with: %s is refused to the owner', async (change) => {
    const ref = await newAction(database.serverPool, await newTenant(database.serverPool))
    await expect(
      owner.query(`update actions set ${change} where tenant = $1 and id = $2`, [ref.tenant, ref.action_id]),
    ).rejects.toMatchObject({ code: '23000', message: 'an admitted request is never changed' })
  })

  test('keeps its fingerprint', async () => {
    const ref = await newAction(database.serverPool, await newTenant(database.serverPool))
    const change = owner.query(`update actions set fingerprint = 'other' where tenant = $1 and id = $2`, [
      ref.tenant,
      ref.action_id,
    ])
    await expect(change).rejects.toMatchObject({ code: '23000' })
  })

  test('is not removed', async () => {
    await newAction(database.serverPool, await newTenant(database.serverPool))
    await expect(owner.query('delete from actions')).rejects.toMatchObject({ code: '23000' })
    await expect(owner.query('truncate actions')).rejects.toMatchObject({ code: '23000' })
  })

  test('moves on through its stages and ends once', async () => {
    const ref = await newAction(database.serverPool, await newTenant(database.serverPool))
    const where = [ref.tenant, ref.action_id]
    await owner.query(`update actions set stage = 'policy', run_id = 'run' where tenant = $1 and id = $2`, where)
    const ending = { outcome: 'denied', explanation: 'No.', run_id: 'run' } as const
    expect(await closeAction(database.serverPool, ref, ending)).toBe('denied')
    for (const outcome of [`'succeeded'`, 'null']) {
      await expect(
        owner.query(`update actions set outcome = ${outcome} where tenant = $1 and id = $2`, where),
      ).rejects.toMatchObject({ code: '23000' })
    }
  })
})

describe('an ending', () => {
  test('is the first one that was recorded, whoever asks again', async () => {
    const ref = await newAction(database.serverPool, await newTenant(database.serverPool))
    const close = (outcome: 'failed' | 'succeeded') =>
      closeAction(database.serverPool, ref, { outcome, explanation: outcome, run_id: 'run' })
    expect(await close('failed')).toBe('failed')
    expect(await close('succeeded')).toBe('failed')
  })

  test('is one, and known to all, where several end an action at once', async () => {
    for (let round = 0; round < 5; round += 1) {
      const ref = await newAction(database.serverPool, await newTenant(database.serverPool))
      const outcomes = await Promise.all(
        (['failed', 'succeeded', 'denied', 'cancelled', 'expired', 'rejected'] as const).map((outcome) =>
          closeAction(database.serverPool, ref, { outcome, explanation: outcome, run_id: `run-${outcome}` }),
        ),
      )
      expect(outcomes[0]).not.toBeNull()
      expect(new Set(outcomes).size).toBe(1)
    }
  })

  test('of an action that does not exist is none', async () => {
    const ending = { outcome: 'failed', explanation: '', run_id: 'run' } as const
    expect(await closeAction(database.serverPool, { tenant: 'nobody', action_id: 'act_x' }, ending)).toBeNull()
  })
})
