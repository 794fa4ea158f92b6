import fc from 'fast-check'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { canonical } from '../../src/digest.js'
import type { ActionRef } from '../../src/domain/activities.js'
import type { Contract } from '../../src/domain/contract.js'
import type { Json, JsonObject } from '../../src/domain/json.js'
import { grownTouches, movedPreconditions } from '../../src/domain/looks.js'
import { admitAction } from '../../src/ledger/queries/admit-action.js'
import { loadAction } from '../../src/ledger/queries/load-action.js'
import { publishContract } from '../../src/ledger/queries/publish-contract.js'
import { recordDecisions } from '../../src/ledger/queries/record-decisions.js'
import { type Intent, recordIntent } from '../../src/ledger/queries/record-intent.js'
import { recordObservation } from '../../src/ledger/queries/record-observation.js'
import { freshDatabase, type TestDatabase } from '../_util/database.js'
import { admissionOf, authorityOf, decisionOf, intentFor, newEnvelope, newTenant, under } from '../_util/ledger-rows.js'
import { watchedTools, watchedWorld } from '../_util/watched-tools.js'

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

const { mailSegment } = watchedTools(watchedWorld())
/** For longer than any test takes. */
const fresh = -30
const seen = { status: 'active', members: ['a', 'b', 'c'], note: '' }

/** An action of one step, pinned to a contract, decided in round 1 on look 0. Looks were made `ago` seconds ago. */
async function decided(
  looks: readonly { readonly output: JsonObject; readonly ago?: number }[],
  { contract, digest }: { contract: Contract; digest: string } = mailSegment,
  tenant?: string,
): Promise<ActionRef> {
  const of = tenant ?? (await newTenant(database.serverPool))
  const registered = { contract, digest, status: 'live', note: null } as const
  await publishContract(database.executorPool, of, registered)
  requests += 1
  const admission = admissionOf(of, {
    request_id: `r${requests}`,
    tools: [contract.name],
    contracts: { step1: { tool: contract.name, version: contract.version, digest } },
    authority_revision: await authorityOf(database.serverPool, of),
  })
  await admitAction(database.serverPool, admission)
  const ref = { tenant: of, action_id: admission.id }
  for (const [look, { output, ago = fresh }] of looks.entries()) await looked(ref, look, output, ago)
  const key = { ...ref, stage: 'policy', phase: 'execute', round: 1, under: { ...under, run_id: null } } as const
  await recordDecisions(database.serverPool, key, [{ ...decisionOf(), tool: contract.name, look: 0 }])
  return ref
}
let requests = 0

const looked = (ref: ActionRef, look: number, output: JsonObject, ago = fresh) =>
  owner.query(
    `insert into observations (tenant, action_id, step, look, tool, output, output_digest, observed_at)
     values ($1, $2, 'step1', $3, 'find_segment', $4, 'sha256:o', clock_timestamp() - $5 * interval '1 second')`,
    [ref.tenant, ref.action_id, look, JSON.stringify(output), ago],
  )

const intended = async (ref: ActionRef, changes: Partial<Intent>): Promise<boolean> => {
  await recordIntent(
    database.executorPool,
    await intentFor(database.serverPool, ref, { tool: 'mail_segment', ...changes }),
  )
  const intents = (await loadAction(database.serverPool, ref))?.intents ?? []
  return intents.some(
    ({ phase, generation }) => phase === (changes.phase ?? 'execute') && generation === (changes.generation ?? 0),
  )
}

describe('the intent of a call that rests on a fresh look', () => {
  test('is written on the newest look, while that is fresh and shows what was decided on', async () => {
    const ref = await decided([
      { output: seen, ago: 60 },
      { output: { ...seen, note: 'of no concern', members: ['a'] } },
    ])
    expect(await intended(ref, { look: 1 })).toBe(true)
    expect((await loadAction(database.serverPool, ref))?.intents).toMatchObject([{ look: 1 }])
  })

  test.each<[why: string, looks: Parameters<typeof decided>[0], look: number | null]>([
    ['that names no look', [{ output: seen }], null],
    ['on an older look than the newest', [{ output: seen, ago: 60 }, { output: seen }], 0],
    ['on a look that nobody made', [{ output: seen }], 1],
    ['on a look that is old by now', [{ output: seen, ago: 6 }], 0],
    ['where a precondition has moved', [{ output: seen }, { output: { ...seen, status: 'paused' } }], 1],
    ['where a precondition is gone', [{ output: seen }, { output: { members: [] } }], 1],
    ['where there are more objects', [{ output: seen }, { output: { ...seen, members: ['a', 'b', 'c', 'd'] } }], 1],
    ['where nobody knows how many there are', [{ output: seen }, { output: { ...seen, members: 'three' } }], 1],
  ])('is refused %s', async (_, looks, look) => {
    expect(await intended(await decided(looks), { look })).toBe(false)
  })

  test('is refused in a round that the policy has not decided', async () => {
    expect(await intended(await decided([{ output: seen }]), { look: 0, round: 2 })).toBe(false)
  })

  test('is refused on a look from before people were shown what it is about', async () => {
    const ref = await decided([{ output: seen, ago: 0 }])
    await newEnvelope(database.serverPool, ref)
    expect(await intended(ref, { look: 0 })).toBe(false)
    await looked(ref, 1, seen)
    expect(await intended(ref, { look: 1 })).toBe(true)
  })

  test('waits for nothing where the contract wants none', async () => {
    const { preconditions: _, touches: __, ...plain } = mailSegment.contract
    const ref = await decided([{ output: seen, ago: 60 }], { contract: plain, digest: 'sha256:plain' })
    expect(await intended(ref, { look: null })).toBe(true)
  })

  test('is written exactly where the rule finds nothing moved and nothing grown, whatever was seen', async () => {
    const tenant = await newTenant(database.serverPool)
    const { contract } = mailSegment
    const deep = { ...contract, preconditions: ['/observed/status', '/observed/deep/value'] }
    const value: fc.Arbitrary<Json> = fc.oneof(
      fc.constantFrom<Json>(null, 0, 1, 1.5, -0, 1e21, '', '1', true, false, [], {}, [1, 2], [2, 1], { a: 1, b: 2 }),
      fc
        .jsonValue({ maxDepth: 1, noUnicodeString: true })
        .map((json) => json as Json)
        .filter((json) => !JSON.stringify(json).includes('\\u')),
    )
    const members = fc.oneof(
      fc.array(fc.constant('x'), { maxLength: 4 }),
      fc.constantFrom<Json>(0, 1, 2, 3, 'many', null),
    )
    const output = fc.record({ status: value, deep: fc.record({ value }), members }, { requiredKeys: [] })
    const pair = fc.oneof(
      fc.tuple(output, output),
      output.chain((one) =>
        fc.tuple(
          fc.constant(one),
          fc.record({ note: value }).map((more) => ({ ...one, ...more })),
        ),
      ),
    )
    const results = { written: 0, refused: 0 }
    await fc.assert(
      fc.asyncProperty(pair, async ([before, now]) => {
        const [first, second] = [before, now].map((each) => JSON.parse(JSON.stringify(each)) as JsonObject) as [
          JsonObject,
          JsonObject,
        ]
        const ref = await decided(
          [{ output: first, ago: 60 }, { output: second }],
          { contract: deep, digest: 'sha256:deep' },
          tenant,
        )
        const same = (one: Json, other: Json) => canonical(one) === canonical(other)
        const moved = [...movedPreconditions(deep, first, second, same), ...grownTouches(deep, first, second)]
        const written = await intended(ref, { look: 1 })
        results[written ? 'written' : 'refused'] += 1
        expect(written).toBe(moved.length === 0)
      }),
      { numRuns: 120 },
    )
    expect(results.written).toBeGreaterThan(5)
    expect(results.refused).toBeGreaterThan(5)
  })
})

describe('a further look', () => {
  test('follows the one before it, and no other', async () => {
    const ref = await decided([{ output: seen }])
    const look = { phase: 'observe', principal: 'service:observer', tool: 'find_segment' } as const
    expect(await intended(ref, { ...look, generation: 2, round: 3 })).toBe(false)
    expect(await intended(ref, { ...look, generation: 1, round: 2 })).toBe(true)
  })

  test('counts only if its answer came in time', async () => {
    const ref = await decided([{ output: seen }])
    await intended(ref, { phase: 'observe', generation: 1, round: 2, tool: 'find_segment' })
    const call = { ...ref, step: 'step1', phase: 'observe', generation: 1 } as const
    const late = { tool: 'find_segment', output: seen, output_digest: 'sha256:o' }
    expect(await recordObservation(database.executorPool, call, 1, late, { output: seen }, 0)).toBe(false)
    expect((await loadAction(database.serverPool, ref))?.outcomes).toEqual([])
    expect(await recordObservation(database.executorPool, call, 1, late, { output: seen }, 60_000)).toBe(true)
    expect((await loadAction(database.serverPool, ref))?.observations.map(({ look }) => look)).toEqual([0, 1])
  })
})
