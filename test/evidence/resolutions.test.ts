import { generateKeyPairSync, sign, verify } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { canonical } from '../../src/digest.js'
import type { ResolutionStatement } from '../../src/domain/attention.js'
import type { KeyRegistration } from '../../src/domain/key-registration.js'
import type { Admitted, EvidenceDeps } from '../../src/evidence/admitted.js'
import { validResolutions } from '../../src/evidence/resolutions.js'
import { keyIdOf } from '../../src/identity/signing-key.js'
import type { AttentionRow, ResolutionRow } from '../../src/ledger/action-record.js'
import type { KeyRow } from '../../src/ledger/queries/load-authority.js'
import { newKey, type PersonKey } from '../_util/person-key.js'

const server = generateKeyPairSync('ed25519')
const serverKeyId = keyIdOf(server.publicKey)
const signByServer = (bytes: string) => sign(null, Buffer.from(bytes), server.privateKey).toString('base64url')
const deps = {
  verifySignature: (keyId: string, bytes: string, signature: string) =>
    keyId === serverKeyId && verify(null, Buffer.from(bytes), server.publicKey, Buffer.from(signature, 'base64url')),
} as unknown as EvidenceDeps

const attention: AttentionRow = {
  id: 'att_1',
  step: 'step1',
  phase: 'execute',
  generation: 0,
  ordinal: 1,
  reason: 'unknown',
  known: {},
  opened_at: '2026-01-01T00:00:00.000Z',
  age_ms: 1_000,
}

const plain: ResolutionStatement = {
  kind: 'resolution',
  tenant: 'acme',
  action_id: 'act_1',
  attention_id: 'att_1',
  step: 'step1',
  phase: 'execute',
  generation: 0,
  revision: 1,
  state_digest: 'sha256:s',
  choice: 'attempt-again',
  reason: 'the bank has nothing',
  evidence: 'statement of 1 May',
  output: null,
  decided_by: 'person:ann',
  account: 'token:crd_ann',
  method: 'cli',
  self_decided: false,
  at: '2026-01-01T00:00:00.000Z',
}

/** The row of a decision that the server signed, and the person too where they have a key. */
function signed(changes: Partial<ResolutionStatement> = {}, key?: PersonKey): ResolutionRow {
  const statement = { ...plain, ...(key && { method: 'key' }), ...changes }
  const bytes = canonical(statement)
  const { kind: _, tenant: __, action_id: ___, at: ____, ...row } = statement
  return {
    ...row,
    statement: bytes,
    key_id: serverKeyId,
    signature: signByServer(bytes),
    own_key_id: key?.key_id ?? null,
    own_signature: key?.sign(bytes) ?? null,
    resolved_at: '2026-01-01T00:00:00.000Z',
  }
}

interface World {
  readonly groups?: Readonly<Record<string, readonly string[]>>
  readonly owner?: string
  readonly policies?: Readonly<Record<string, string>>
  readonly risk?: string
  readonly approvers?: readonly string[]
  readonly keys?: readonly KeyRow[]
  readonly waysIn?: boolean
  readonly record?: object
}

function admittedIn(resolutions: readonly ResolutionRow[], world: World = {}): Admitted {
  const { groups = { 'person:ann': ['finance'] }, owner = 'person:olga', policies = {}, keys = [] } = world
  return {
    record: {
      tenant: 'acme',
      id: 'act_1',
      outcome: null,
      contracts: { step1: { tool: 'refund_invoice', version: 1, digest: 'sha256:c' } },
      decisions: [{ stage: 'policy', round: 1, policy_ids: Object.keys(policies), permitted_by: [] }],
      attentions: [attention],
      resolutions,
      intents: [],
      outcomes: [{ step: 'step1', phase: 'execute', generation: 0, attempt: 1, effect: 'unknown' }],
      verifications: [],
      looks: [],
      late_results: [],
      ...world.record,
    },
    request: { agent: 'agent:desk', on_behalf_of: 'person:tom' },
    amendments: [],
    authority: {
      principal: (id: string) => ({
        principal: id,
        kind: id.split(':')[0],
        state: 'live',
        owner: id === 'agent:desk' ? owner : null,
      }),
      groupsOf: (id: string) => groups[id] ?? [],
      isWayIn: () => world.waysIn ?? true,
      keyOf: (id: string) => keys.find(({ key_id }) => key_id === id),
      accountBy: () => undefined,
      authorOf: (id: string) => policies[id] ?? null,
      contractByDigest: () => ({
        contract: {
          effect: 'reversible',
          risk: world.risk ?? 'medium',
          approvers: world.approvers ?? ['finance'],
          owner: 'person:otto',
        },
      }),
    },
  } as unknown as Admitted
}

const count = (resolutions: readonly ResolutionRow[], world?: World, more: Partial<EvidenceDeps> = {}) =>
  validResolutions({ ...deps, ...more }, admittedIn(resolutions, world)).map(({ choice }) => choice)

function registered(key: PersonKey, principal = 'person:ann'): KeyRow {
  const { key_id, public_key } = key
  const registration: KeyRegistration = {
    tenant: 'acme',
    key_id,
    principal,
    public_key,
    recorded_by: principal,
    account: 'token:c',
  }
  const statement = canonical(registration)
  const signature = signByServer(statement)
  return { ...registration, kind: 'ed25519', statement, signed_by: serverKeyId, signature, recorded_at: '' }
}

describe('a resolution counts', () => {
  test('that the server signed for somebody entitled', () => {
    expect(validResolutions(deps, admittedIn([signed()]))).toEqual([
      {
        attention_id: 'att_1',
        step: 'step1',
        phase: 'execute',
        generation: 0,
        about: 'unknown',
        choice: 'attempt-again',
        reason: plain.reason,
        evidence: plain.evidence,
        output: null,
        decided_by: 'person:ann',
        at: plain.at,
      },
    ])
  })

  test('only with every field as it was signed', () => {
    const fields = Object.keys(signed()).filter(
      (field) => !['resolved_at', 'own_key_id', 'own_signature'].includes(field),
    ) as (keyof ResolutionRow)[]
    fc.assert(
      fc.property(fc.constantFrom(...fields), fc.string(), (field, text) => {
        const row = signed()
        const other = field === 'choice' ? 'happened' : field === 'revision' ? 7 : text
        if (row[field] === other) return true
        return count([{ ...row, [field]: other } as ResolutionRow]).length === 0
      }),
    )
  })

  test.each([
    ['of another tenant', { tenant: 'other' }],
    ['of another action', { action_id: 'act_2' }],
    ['about another step', { step: 'step2' }],
    ['about another call of the step', { generation: 1 }],
    ['that is no resolution', { kind: 'amendment' as 'resolution' }],
  ])('not one %s, though it is signed', (_, changes) => {
    const row = signed(changes)
    const { step, generation } = signed()
    expect(count([{ ...row, step, generation }])).toEqual([])
  })

  test('never one that nobody signed, whoever wrote its row', () => {
    expect(count([{ ...signed(), signature: 'forged' }])).toEqual([])
    expect(count([{ ...signed(), key_id: 'ed25519:other' }])).toEqual([])
    const key = newKey()
    const row = signed({}, key)
    // A person's own signature does not stand in for the server's, which has seen that they were entitled.
    const own = { ...row, key_id: key.key_id, signature: row.own_signature ?? '' }
    expect(count([own], { keys: [registered(key)] })).toEqual([])
  })

  test('the newest that was signed, and a forged one neither replaces nor holds it up', () => {
    const forged = { ...signed({ revision: 3, choice: 'happened' }), signature: 'forged' }
    expect(count([signed(), signed({ revision: 2, choice: 'did-not-happen' }), forged])).toEqual(['did-not-happen'])
  })
})

describe('an order to attempt again', () => {
  const removed: World = { groups: {} }

  test('ends with the right to give it, until it is used', () => {
    expect(count([signed()], removed)).toEqual([])
    const used = { intents: [{ step: 'step1', phase: 'execute', generation: 1 }] }
    expect(count([signed()], { ...removed, record: used })).toEqual(['attempt-again'])
  })

  test('that no longer holds brings back none that was given before', () => {
    const before = signed({ decided_by: 'person:bob', choice: 'did-not-happen' })
    expect(count([before, signed({ revision: 2 })], removed)).toEqual([])
  })

  test('ends with the way in by which it came', () => {
    expect(count([signed()], { waysIn: false })).toEqual([])
  })

  test('is void once the call was seen to have happened', () => {
    const seen = { verifications: [{ step: 'step1', phase: 'execute', generation: 0, found: 'committed' }] }
    expect(count([signed()], { record: seen })).toEqual([])
    const denied = {
      outcomes: [{ step: 'step1', phase: 'execute', generation: 0, attempt: 1, effect: 'committed' }],
      verifications: [{ step: 'step1', phase: 'execute', generation: 0, found: 'not-committed' }],
    }
    expect(count([signed()], { record: denied })).toEqual(['attempt-again'])
  })

  test('is void once an answer came late that says it happened, unless a look denies that', () => {
    const call = { step: 'step1', phase: 'execute', generation: 0 }
    const late = { late_results: [{ ...call, attempt: 1, effect: 'committed' }] }
    expect(count([signed()], { record: late })).toEqual([])
    const denied = { ...late, verifications: [{ ...call, found: 'not-committed' }] }
    expect(count([signed()], { record: denied })).toEqual(['attempt-again'])
    expect(count([signed()], { record: { late_results: [{ ...call, effect: 'not-committed' }] } })).toHaveLength(1)
  })

  test.each([
    ['the owner of the agent', { owner: 'person:ann' }],
    ['the author of a policy that decided', { policies: { desk: 'person:ann' } }],
  ])('is not given by %s', (_, world) => {
    expect(count([signed()], world)).toEqual([])
  })

  test('is not given by whom it was asked for, nor by an agent', () => {
    for (const decided_by of ['person:tom', 'agent:desk', 'agent:other'])
      expect(count([signed({ decided_by })], { groups: { [decided_by]: ['finance'] } })).toEqual([])
  })

  test('is given by the group of the configuration as well, and where there is no group by the owner of the tool', () => {
    const ops: World = { groups: { 'person:ann': ['ops'] } }
    expect(count([signed()], ops)).toEqual([])
    expect(count([signed()], ops, { attentionGroup: 'ops' })).toEqual(['attempt-again'])
    const nobody: World = { groups: {}, approvers: [] }
    expect(count([signed()], nobody)).toEqual([])
    expect(count([signed({ decided_by: 'person:otto' })], nobody)).toEqual(['attempt-again'])
    expect(count([signed({ decided_by: 'person:otto' })], nobody, { attentionGroup: 'ops' })).toEqual([])
  })
})

describe('what somebody said to be so', () => {
  test('stands when they have left', () => {
    for (const choice of ['happened', 'did-not-happen', 'compensate', 'leave'] as const)
      expect(count([signed({ choice })], { groups: {}, waysIn: false })).toEqual([choice])
  })
})

describe('about a critical tool', () => {
  const key = newKey()
  const critical: World = { risk: 'critical', keys: [registered(key)] }

  test('a resolution takes the own key of whoever decides', () => {
    expect(count([signed()], critical)).toEqual([])
    expect(count([signed({}, key)], critical)).toEqual(['attempt-again'])
  })

  test('neither a key of somebody else nor one that only a row gives will do', () => {
    expect(count([signed({}, key)], { ...critical, keys: [registered(key, 'person:bob')] })).toEqual([])
    expect(count([signed({}, key)], { ...critical, keys: [{ ...registered(key), signature: 'forged' }] })).toEqual([])
    expect(count([{ ...signed({}, key), own_signature: newKey().sign('other') }], critical)).toEqual([])
  })

  test('a key that was revoked takes back an order, and no fact', () => {
    expect(count([signed({}, key)], { risk: 'critical' })).toEqual([])
    expect(count([signed({ choice: 'happened' }, key)], { risk: 'critical' })).toEqual(['happened'])
  })
})
