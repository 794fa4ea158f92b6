import { generateKeyPairSync, sign, verify } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { canonical, digestBytes } from '../../src/digest.js'
import type { VoteStatement } from '../../src/domain/approval.js'
import type { Json } from '../../src/domain/json.js'
import type { KeyRegistration } from '../../src/domain/key-registration.js'
import type { Admitted, EvidenceDeps } from '../../src/evidence/admitted.js'
import { chainOf, validVotes } from '../../src/evidence/votes.js'
import { encodeAssertion } from '../../src/identity/passkey.js'
import { keyIdOf } from '../../src/identity/signing-key.js'
import type { EnvelopeRow, VoteRow } from '../../src/ledger/action-record.js'
import type { KeyRow } from '../../src/ledger/queries/load-authority.js'
import { type Authenticator, newAuthenticator, type Said } from '../_util/authenticator.js'
import { newKey, type PersonKey } from '../_util/person-key.js'

const server = generateKeyPairSync('ed25519')
const serverKeyId = keyIdOf(server.publicKey)
const signByServer = (bytes: string) => sign(null, Buffer.from(bytes), server.privateKey).toString('base64url')

const deps = {
  verifySignature: (keyId: string, bytes: string, signature: string) =>
    keyId === serverKeyId && verify(null, Buffer.from(bytes), server.publicKey, Buffer.from(signature, 'base64url')),
} as unknown as EvidenceDeps

interface World {
  readonly principals: Readonly<Record<string, { readonly owner?: string; readonly state?: string }>>
  readonly request: object
  readonly policies?: Readonly<Record<string, string>>
  readonly accounts?: Readonly<Record<string, string>>
  readonly keys?: readonly KeyRow[]
  readonly amenders?: readonly string[]
}

const plain: World = {
  principals: { 'agent:desk': { owner: 'person:olga' }, 'person:ann': {}, 'person:omar': {}, 'person:olga': {} },
  request: { agent: 'agent:desk' },
}

/** What validity is read from: people are in finance, all of them. */
function admittedIn(world: World, votes: readonly VoteRow[]): Admitted {
  const { principals, policies = {}, accounts = {}, keys = [] } = world
  return {
    record: {
      tenant: 'acme',
      votes,
      decisions: [
        { stage: 'policy', round: 1, policy_ids: ['of-an-earlier-round'], permitted_by: [] },
        {
          stage: 'policy',
          round: 2,
          policy_ids: Object.keys(policies).slice(0, 1),
          permitted_by: Object.keys(policies).slice(1),
        },
        { stage: 'intent', round: 3, policy_ids: ['of-an-intent'], permitted_by: [] },
      ],
    },
    request: world.request,
    amendments: (world.amenders ?? []).map((amended_by) => ({ amended_by })),
    authority: {
      principal: (id: string) =>
        principals[id] && { principal: id, kind: id.split(':')[0], state: 'live', owner: null, ...principals[id] },
      groupsOf: () => ['finance'],
      isWayIn: (account: string) => !account.endsWith('revoked'),
      keyOf: (id: string) => keys.find(({ key_id }) => key_id === id),
      accountBy: (key: string) => accounts[key] && { principal: accounts[key] },
      authorOf: (id: string) => policies[id] ?? (id.startsWith('of-') ? 'person:ann' : null),
    },
  } as unknown as Admitted
}

const content = {
  tenant: 'acme',
  chain: { agent: 'agent:desk', owner: 'person:olga', on_behalf_of: null },
  request: {
    context: { request_id: 'r1' },
    plan: { goal: 'Sort it out', steps: [{ id: 'step1', tool: 'refund_invoice', args: { invoice_id: 'in_1' } }] },
  },
  steps: [
    {
      id: 'step1',
      resource: 'Invoice in_1',
      args: { invoice_id: 'in_1', amount_cents: 4200, notes: ['a', 'b'] },
      undoable: true,
    },
  ],
  contracts: { step1: { tool: 'refund_invoice', version: 1, digest: 'sha256:c' } },
  policy_digest: 'sha256:p',
  requirements: { finance: 1 },
  expires_at: '2026-06-18T10:00:00.000Z',
  nonce: '5b1f',
}

function envelopeRow(envelope: string = canonical(content), rendering = 'Refund 42.00'): EnvelopeRow {
  return {
    id: 'apr_1',
    envelope,
    digest: digestBytes(envelope),
    rendering,
    rendering_digest: digestBytes(rendering),
    approver_groups: ['finance'],
    expires_at: content.expires_at,
    left_ms: 60_000,
    closed: false,
  } as unknown as EnvelopeRow
}

const row = envelopeRow()

function statementOf(changes: Partial<VoteStatement> = {}): VoteStatement {
  return {
    tenant: 'acme',
    approval_id: 'apr_1',
    envelope_digest: row.digest,
    rendering_digest: row.rendering_digest,
    approver: 'person:ann',
    account: 'token:crd_1',
    revision: 1,
    vote: 'approve',
    reason: 'fine',
    method: 'http',
    acknowledged: [],
    self_approved: false,
    at: '2026-06-17T10:00:00.000Z',
    ...changes,
  }
}

function rowOf(statement: VoteStatement, key_id: string, signature: string): VoteRow {
  const { tenant: _t, at, ...rest } = statement
  return { ...rest, statement: canonical(statement), key_id, signature, voted_at: at }
}

const vouched = (changes: Partial<VoteStatement> = {}) => {
  const statement = statementOf(changes)
  return rowOf(statement, serverKeyId, signByServer(canonical(statement)))
}
const signed = (key: PersonKey, changes: Partial<VoteStatement> = {}) => {
  const statement = statementOf({ method: 'key', ...changes })
  return rowOf(statement, key.key_id, key.sign(canonical(statement)))
}

/** A key as the server registers it. */
function registered(key: PersonKey, principal: string): KeyRow {
  const { key_id, public_key } = key
  const facts: KeyRegistration = {
    tenant: 'acme',
    key_id,
    principal,
    public_key,
    recorded_by: principal,
    account: 'token:crd_1',
  }
  const statement = canonical(facts)
  const signature = signByServer(statement)
  return { ...facts, kind: 'ed25519', statement, signed_by: serverKeyId, signature, recorded_at: '' }
}

const annsKey = newKey()
const omarsKey = newKey()
const keys = [registered(annsKey, 'person:ann'), registered(omarsKey, 'person:omar')]
const counted = (votes: readonly VoteRow[], world: World = { ...plain, keys }, of: EnvelopeRow = row) =>
  validVotes(deps, admittedIn(world, votes), of).map(({ approver, vote }) => `${vote} by ${approver}`)

describe('a vote counts', () => {
  test('that the server vouches for, and one that the approver signed', () => {
    expect(counted([vouched()])).toEqual(['approve by person:ann'])
    expect(counted([signed(annsKey)])).toEqual(['approve by person:ann'])
  })

  test('once, whatever the account: the newest of the person', () => {
    const votes = [vouched(), signed(annsKey, { revision: 2, account: 'oidc:https://id.example#ann' })]
    expect(counted(votes)).toEqual(['approve by person:ann'])
  })

  test.each<[string, VoteRow]>([
    ["says it was signed by a key, with the server's signature", vouched({ method: 'key' })],
    ['was signed by a key, and says the server vouches', signed(annsKey, { method: 'http' })],
    ["was signed by somebody else's key", signed(annsKey, { approver: 'person:omar' })],
    ['was signed by a key that nobody registered', signed(newKey())],
    ['names her key, and was signed by another', { ...signed(annsKey), signature: signed(omarsKey).signature }],
    [
      'has the signature of another vote of hers',
      { ...signed(annsKey), signature: signed(annsKey, { reason: 'other' }).signature },
    ],
    ['is of a tenant elsewhere', vouched({ tenant: 'globex' })],
    ['is for another approval', { ...vouched({ approval_id: 'apr_2' }), approval_id: 'apr_1' }],
    ['is for another envelope', vouched({ envelope_digest: digestBytes('other') })],
    ['is for another rendering', vouched({ rendering_digest: digestBytes('other') })],
    ['has a signature of nothing', { ...vouched(), signature: '' }],
    ['has a statement that is no JSON', { ...vouched(), statement: 'yes' }],
    ['is of an agent', vouched({ approver: 'agent:desk' })],
    ['is of the owner of the agent', vouched({ approver: 'person:olga' })],
    ['is of nobody', vouched({ approver: 'person:nobody' })],
    ['came in by an account that is no longer hers', vouched({ account: 'token:revoked' })],
    ['calls itself self-approved', vouched({ self_approved: true })],
  ])('unless it %s', (_why, vote) => {
    expect(counted([vote])).toEqual([])
  })

  test.each<[string, Partial<VoteRow>]>([
    ['vote', { vote: 'reject' }],
    ['approver', { approver: 'person:omar' }],
    ['account', { account: 'token:other' }],
    ['revision', { revision: 2 }],
    ['reason', { reason: 'other' }],
    ['method', { method: 'cli' }],
    ['acknowledged', { acknowledged: ['bidi'] }],
    ['self_approved', { self_approved: true }],
  ])('unless the row has another %s than what was signed', (_field, changes) => {
    expect(counted([{ ...vouched(), ...changes }])).toEqual([])
  })

  test('unless its key is revoked, or was put there by somebody who is not the server', () => {
    const forged = registered(annsKey, 'person:ann')
    const own: KeyRow = { ...forged, signed_by: annsKey.key_id, signature: annsKey.sign(forged.statement) }
    const stolen: KeyRow = { ...registered(omarsKey, 'person:omar'), principal: 'person:ann' }
    const swapped: KeyRow = { ...registered(annsKey, 'person:ann'), public_key: omarsKey.public_key }
    expect(counted([signed(annsKey)], { ...plain, keys: [] })).toEqual([])
    expect(counted([signed(annsKey)], { ...plain, keys: [own] })).toEqual([])
    expect(counted([signed(omarsKey)], { ...plain, keys: [stolen] })).toEqual([])
    const underHers = { ...signed(omarsKey), key_id: annsKey.key_id }
    expect(counted([underHers], { ...plain, keys: [swapped] })).toEqual([])
  })

  test('unless somebody replays it: an older one does not come back as a newer row', () => {
    const withdrawn = [vouched(), vouched({ vote: 'withdraw', revision: 2 })]
    expect(counted(withdrawn)).toEqual([])
    expect(counted([...withdrawn, { ...vouched(), revision: 3 }])).toEqual([])
    expect(counted([...withdrawn, vouched({ revision: 4 })])).toEqual([])
    expect(counted([vouched({ revision: 2 })])).toEqual([])
    expect(counted([...withdrawn, vouched({ revision: 3 })])).toEqual(['approve by person:ann'])
  })

  test('if it rejects, whatever rows are added to it', () => {
    const rejected = vouched({ vote: 'reject', revision: 2 })
    for (const added of [
      vouched({ revision: 3 }),
      vouched({ vote: 'withdraw', revision: 3 }),
      { ...vouched(), revision: 9 },
    ])
      expect(counted([vouched(), rejected, added])).toEqual(['reject by person:ann'])
  })
})

const page = 'https://exequatur.example'
const annsPasskey = newAuthenticator(page)
const omarsPasskey = newAuthenticator(page)

/** A passkey as the server registers it. */
function registeredPasskey(key: Authenticator, principal: string): KeyRow {
  const { key_id, public_key, credential_id } = key
  const passkey = { credential_id, rp_id: 'exequatur.example', origin: page }
  const facts = { tenant: 'acme', key_id, principal, public_key, recorded_by: principal, account: 'token:crd_1' }
  const registration: KeyRegistration = { ...facts, passkey }
  const statement = canonical(registration)
  const signature = signByServer(statement)
  return { ...facts, ...passkey, kind: 'passkey', statement, signed_by: serverKeyId, signature, recorded_at: '' }
}

const asserted = (key: Authenticator, changes: Partial<VoteStatement> = {}, said: Said = {}) => {
  const statement = statementOf({ method: 'passkey', ...changes })
  return rowOf(statement, key.key_id, encodeAssertion(key.assert(canonical(statement), said)))
}

describe('a vote by a passkey counts', () => {
  const anns = registeredPasskey(annsPasskey, 'person:ann')
  const world: World = { ...plain, keys: [anns, registeredPasskey(omarsPasskey, 'person:omar'), ...keys] }

  test('that the approver made, checked by nothing but what is in the ledger', () => {
    expect(counted([asserted(annsPasskey)], world)).toEqual(['approve by person:ann'])
  })

  test.each<[string, VoteRow]>([
    ['was made with nobody there', asserted(annsPasskey, {}, { flags: 0x04 })],
    ['was made without verifying its person', asserted(annsPasskey, {}, { flags: 0x01 })],
    ['was made on another page', asserted(annsPasskey, {}, { origin: 'https://evil.example' })],
    ['was made for another site', asserted(annsPasskey, {}, { rpId: 'evil.example' })],
    ['was made by the passkey of somebody else', asserted(omarsPasskey)],
    ['names hers, and was made by another', { ...asserted(omarsPasskey), key_id: annsPasskey.key_id }],
    [
      'was made for another vote',
      { ...asserted(annsPasskey), signature: asserted(annsPasskey, { reason: 'x' }).signature },
    ],
    ['says it was signed by a key', asserted(annsPasskey, { method: 'key' })],
    ['says the server vouches', asserted(annsPasskey, { method: 'inbox' })],
    ['was signed by her key, and says by a passkey', signed(annsKey, { method: 'passkey' })],
    ["has the server's signature", vouched({ method: 'passkey' })],
  ])('unless it %s', (_why, vote) => {
    expect(counted([vote], world)).toEqual([])
  })

  test.each<[string, Partial<KeyRow>]>([
    ['another site', { rp_id: 'evil.example' }],
    ['another page', { origin: 'https://evil.example' }],
    ['another credential', { credential_id: 'AAAA' }],
    ['another public key', { public_key: omarsPasskey.public_key }],
    ['another kind', { kind: 'ed25519' }],
    ['no site', { rp_id: null }],
    ['somebody else', { principal: 'person:omar' }],
  ])('unless the row of the passkey names %s than what the server registered', (_what, changes) => {
    const { rp_id, origin } = { ...anns, ...changes }
    const said = { ...(rp_id && { rpId: rp_id }), ...(origin && { origin }) }
    const vote = asserted(annsPasskey, {}, said)
    expect(counted([vote], { ...plain, keys: [{ ...anns, ...changes }] })).toEqual([])
  })
})

/** Every place of a JSON value where a leaf is, with something else in it. */
function mutations(value: Json): Json[] {
  if (Array.isArray(value)) {
    return value.flatMap((each, index) => mutations(each as Json).map((other) => value.with(index, other)) as Json[])
  }
  if (typeof value === 'object' && value !== null) {
    return Object.entries(value).flatMap(([key, each]) => mutations(each).map((other) => ({ ...value, [key]: other })))
  }
  if (typeof value === 'number') return [value + 1]
  if (typeof value === 'boolean') return [!value]
  return [value === null ? 'x' : `${value}x`]
}

describe('any changed leaf of the envelope', () => {
  const votes = [vouched(), signed(omarsKey, { approver: 'person:omar' })]

  test('voids every vote, whether or not its digest is made to fit', () => {
    expect(counted(votes)).toHaveLength(2)
    const others = mutations(content)
    expect(others.length).toBeGreaterThan(20)
    fc.assert(
      fc.property(fc.constantFrom(...others), (other) => {
        const changed = envelopeRow(canonical(other))
        expect(changed.digest).not.toBe(row.digest)
        for (const of of [changed, { ...changed, digest: row.digest }])
          expect(counted(votes, { ...plain, keys }, of)).toEqual([])
        const refitted = votes.map((vote) => ({ ...vote, envelope_digest: changed.digest }))
        expect(counted(refitted, { ...plain, keys }, changed)).toEqual([])
      }),
      { numRuns: 200 },
    )
  })

  test('as of the rendering that people saw', () => {
    const changed = envelopeRow(row.envelope, 'Refund 24.00')
    for (const of of [changed, { ...changed, rendering_digest: row.rendering_digest }])
      expect(counted(votes, { ...plain, keys }, of)).toEqual([])
  })
})

const people = ['person:p0', 'person:p1', 'person:p2', 'person:p3', 'person:p4', 'person:p5']
const somebody = fc.constantFrom(...people)
const graphs = fc.record({
  owners: fc.record({ 'agent:a0': somebody, 'agent:a1': somebody, 'agent:a2': somebody, 'service:s0': somebody }),
  on_behalf_of: fc.option(somebody, { nil: undefined }),
  actors: fc.uniqueArray(
    fc.constantFrom('agent:a1', 'agent:a2', 'service:s0', 'oidc:https://id#x', 'oidc:https://id#y', ...people),
    {
      maxLength: 4,
    },
  ),
  linked: fc.option(somebody, { nil: undefined }),
  authors: fc.array(fc.option(somebody, { nil: undefined }), { maxLength: 3 }),
  suspended: fc.option(somebody, { nil: undefined }),
  amenders: fc.array(somebody, { maxLength: 1 }),
})

describe('over any graph of delegation', () => {
  test('nobody of the chain counts, and everybody else does', () => {
    fc.assert(
      fc.property(graphs, (graph) => {
        const world = worldOf(graph)
        const votes = [...people, ...Object.keys(graph.owners)].map((approver) => vouched({ approver }))
        const parts = partsOf(graph)
        const outsiders = people.filter((person) => !parts.has(person) && person !== graph.suspended)
        expect(counted(votes, world)).toEqual(outsiders.map((person) => `approve by ${person}`))
        expect(
          chainOf(admittedIn(world, []))
            .filter((id) => id.startsWith('person:'))
            .sort(),
        ).toEqual([...parts].sort())
      }),
      { numRuns: 500 },
    )
  })

  test('a deployment of one person counts what it approves itself, marked so, and still no agent', () => {
    fc.assert(
      fc.property(graphs, (graph) => {
        const parts = partsOf(graph)
        const votes = [...people, ...Object.keys(graph.owners)].map((approver) =>
          vouched({ approver, self_approved: parts.has(approver) }),
        )
        const world = admittedIn(worldOf(graph), votes)
        const valid = validVotes({ ...deps, people: 'one' }, world, row).map(({ approver }) => approver)
        expect(valid).toEqual(people.filter((person) => person !== graph.suspended))
        const unmarked = votes.map(({ approver }) => vouched({ approver }))
        const honest = validVotes({ ...deps, people: 'one' }, admittedIn(worldOf(graph), unmarked), row)
        expect(honest.map(({ approver }) => approver)).toEqual(valid.filter((person) => !parts.has(person)))
      }),
      { numRuns: 200 },
    )
  })

  type Graph = typeof graphs extends fc.Arbitrary<infer G> ? G : never

  function worldOf({ owners, on_behalf_of, actors, linked, authors, suspended, amenders }: Graph): World {
    return {
      principals: {
        ...Object.fromEntries(people.map((person) => [person, person === suspended ? { state: 'suspended' } : {}])),
        ...Object.fromEntries(Object.entries(owners).map(([id, owner]) => [id, { owner }])),
      },
      request: { agent: 'agent:a0', actors, ...(on_behalf_of && { on_behalf_of }) },
      amenders,
      accounts: linked ? { 'oidc:https://id#x': linked } : {},
      policies: Object.fromEntries(authors.flatMap((author, index) => (author ? [[`policy-${index}`, author]] : []))),
    }
  }

  /** The people that the request comes from, told anew. */
  function partsOf({ owners, on_behalf_of, actors, linked, authors, amenders }: Graph): Set<string> {
    const parts = new Set<string | undefined>([owners['agent:a0'], on_behalf_of, ...authors, ...amenders])
    for (const actor of actors) {
      if (actor.startsWith('person:')) parts.add(actor)
      else if (actor === 'oidc:https://id#x') parts.add(linked)
      else if (actor in owners) parts.add(owners[actor as keyof typeof owners])
    }
    parts.delete(undefined)
    return parts as Set<string>
  }
})
