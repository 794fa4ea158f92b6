import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { giveToken } from '../../src/control-plane/give-token.js'
import { revokePrincipal } from '../../src/control-plane/principal-life.js'
import { createPrincipal } from '../../src/control-plane/principals.js'
import { digestBytes } from '../../src/digest.js'
import type { VoteStatement } from '../../src/domain/approval.js'
import { inTransaction } from '../../src/ledger/pool.js'
import { newKey, type PersonKey, registrationOf, signedBy } from '../_util/person-key.js'
import { cancellation, type HttpDesk, openHttpDesk } from './http-desk.js'

let desk: HttpDesk
/** Of bob, and there from the beginning: it signs for the others. */
const first = newKey()
let asked = 0
beforeAll(async () => {
  desk = await openHttpDesk()
  await post('/v1/keys', registrationOf(first, 'acme', 'person:bob'))
})
afterAll(() => desk.close())

const bob = () => desk.tokens.bob
const post = (path: string, body: unknown, token = bob()) => desk.call('POST', path, { token, body })
const register = (key: PersonKey, token = bob(), principal = 'person:bob') =>
  post('/v1/keys', registrationOf(key, 'acme', principal, first), token)
const ownKeys = async (token = bob()) => (await desk.call('GET', '/v1/keys', { token })).body

/** A new request for approval, as bob sees it. */
async function ask() {
  asked += 1
  const id = await desk.askPeople((await desk.submit(cancellation(`key-${asked}`))).body)
  return (await desk.call('GET', `/v1/approvals/${id}`, { token: bob() })).body
}

type Shown = Awaited<ReturnType<typeof ask>>

async function statementFor(shown: Shown, changes: Partial<VoteStatement> = {}): Promise<VoteStatement> {
  const { tenant, principal, account } = await ownKeys()
  return {
    tenant,
    approval_id: shown.id,
    envelope_digest: shown.envelope_digest,
    rendering_digest: digestBytes(shown.rendering),
    approver: principal,
    account,
    revision: shown.your_vote.revision,
    vote: 'approve',
    reason: 'seen',
    method: 'key',
    acknowledged: [],
    self_approved: false,
    at: new Date().toISOString(),
    ...changes,
  }
}

async function newOwnKey(): Promise<PersonKey> {
  const key = newKey()
  expect((await register(key)).status).toBe(200)
  return key
}

const refusals = async () => (await desk.refusals()).map(({ principal, code }) => `${principal} ${code}`)

describe('a key', () => {
  test('is registered by its person, once, and listed until it is revoked', async () => {
    const key = newKey()
    const answer = await register(key)
    expect(answer).toMatchObject({ status: 200, body: { key_id: key.key_id, principal: 'person:bob' } })
    expect((await register(key)).body).toMatchObject({ key_id: key.key_id })
    expect(await ownKeys()).toMatchObject({ tenant: 'acme', principal: 'person:bob' })
    expect((await ownKeys()).items.map(({ key_id }: { key_id: string }) => key_id)).toContain(key.key_id)
    expect((await ownKeys(desk.tokens.ann)).items).toEqual([])
    expect((await post(`/v1/keys/${key.key_id}/revoke`, {})).status).toBe(200)
    expect((await ownKeys()).items.map(({ key_id }: { key_id: string }) => key_id)).not.toContain(key.key_id)
    expect(await post(`/v1/keys/${key.key_id}/revoke`, {})).toMatchObject({ status: 404, body: { code: 'EXQ-4016' } })
    expect(await register(key)).toMatchObject({ status: 422, body: { code: 'EXQ-4015' } })
  })

  test('further than the first is not had with a token alone, nor by the signature of anybody else`s key', async () => {
    const person = { tenant: 'acme', kind: 'person', name: 'carl', groups: ['finance'], by: 'test' } as const
    const { token } = await createPrincipal(desk.plane, person)
    const [one, two, strange] = [newKey(), newKey(), newKey()]
    const send = (key: PersonKey, endorser?: PersonKey) =>
      post('/v1/keys', registrationOf(key, 'acme', 'person:carl', endorser), token)
    expect((await send(one)).status).toBe(200)
    for (const endorser of [undefined, strange, first, two]) {
      expect(await send(two, endorser)).toMatchObject({ status: 403, body: { code: 'EXQ-4017' } })
    }
    const endorsed = registrationOf(two, 'acme', 'person:carl', one)
    const other = registrationOf(strange, 'acme', 'person:carl', one)
    expect(await post('/v1/keys', { ...endorsed, endorsement: other.endorsement }, token)).toMatchObject({
      body: { code: 'EXQ-4017' },
    })
    expect((await send(two, one)).status).toBe(200)
    for (const key of [one, two]) await post(`/v1/keys/${key.key_id}/revoke`, {}, token)
    expect(await send(strange)).toMatchObject({ body: { code: 'EXQ-4017' } })
    expect(await send(strange, one)).toMatchObject({ body: { code: 'EXQ-4017' } })
    await revokePrincipal(desk.plane, 'acme', 'person:carl', 'test', 'lost the keys')
    const anew = await createPrincipal(desk.plane, person)
    expect((await post('/v1/keys', registrationOf(strange, 'acme', 'person:carl'), anew.token)).status).toBe(200)
  })

  test('of somebody else is nobody`s to register or revoke', async () => {
    const key = await newOwnKey()
    const stolen = { ...registrationOf(newKey(), 'acme', 'person:ann'), public_key: key.public_key }
    expect(await post('/v1/keys', stolen, desk.tokens.ann)).toMatchObject({ status: 422, body: { code: 'EXQ-4015' } })
    expect(await register(key, desk.tokens.ann, 'person:ann')).toMatchObject({
      status: 422,
      body: { code: 'EXQ-4015' },
    })
    expect(await register(key, desk.tokens.ann, 'person:bob')).toMatchObject({
      status: 422,
      body: { code: 'EXQ-4015' },
    })
    expect(await post(`/v1/keys/${key.key_id}/revoke`, {}, desk.tokens.ann)).toMatchObject({
      body: { code: 'EXQ-4016' },
    })
  })

  test('is nothing for agents, and not just any bytes', async () => {
    expect(await register(newKey(), desk.tokens.desk, 'agent:support_refunds_v2')).toMatchObject({
      status: 403,
      body: { code: 'EXQ-2002' },
    })
    expect(await post('/v1/keys', { public_key: 'AAAA', proof: 'AAAA' })).toMatchObject({ body: { code: 'EXQ-4015' } })
  })
})

describe('a signed vote', () => {
  test('is recorded as signed by the key, and counts', async () => {
    const key = await newOwnKey()
    const shown = await ask()
    const answer = await post(`/v1/approvals/${shown.id}/votes`, signedBy(key, await statementFor(shown)))
    expect(answer).toMatchObject({
      status: 200,
      body: {
        votes: [{ approver: 'person:bob', method: 'key', counts: true, reason: 'seen' }],
        your_vote: { revision: 2 },
      },
    })
  })

  test('takes the place of a plain one, and not the other way round', async () => {
    const key = await newOwnKey()
    const shown = await ask()
    const plain = { vote: 'approve', envelope_digest: shown.envelope_digest }
    await post(`/v1/approvals/${shown.id}/votes`, plain)
    const statement = await statementFor(shown, { revision: 2 })
    const answer = await post(`/v1/approvals/${shown.id}/votes`, signedBy(key, statement))
    expect(answer.body.votes).toMatchObject([
      { method: 'http', counts: false },
      { method: 'key', counts: true },
    ])
    expect((await post(`/v1/approvals/${shown.id}/votes`, plain)).body.votes).toHaveLength(2)
  })

  test('counts no more once its key is revoked', async () => {
    const key = await newOwnKey()
    const shown = await ask()
    await post(`/v1/approvals/${shown.id}/votes`, signedBy(key, await statementFor(shown)))
    await post(`/v1/keys/${key.key_id}/revoke`, {})
    const { body } = await desk.call('GET', `/v1/approvals/${shown.id}`, { token: bob() })
    expect(body.votes).toMatchObject([{ method: 'key', counts: false }])
    const again = await post(`/v1/approvals/${shown.id}/votes`, signedBy(key, await statementFor(body)))
    expect(again).toMatchObject({ status: 403, body: { code: 'EXQ-4013' } })
    expect(await refusals()).toContain('person:bob EXQ-4013')
  })

  test.each<[keyof VoteStatement, unknown]>([
    ['tenant', 'globex'],
    ['approval_id', 'apr_other'],
    ['rendering_digest', digestBytes('another text')],
    ['approver', 'person:eve'],
    ['account', 'token:other'],
    ['method', 'http'],
    ['self_approved', true],
    ['at', '2020-01-01T00:00:00.000Z'],
    ['at', new Date(Date.now() + 3_600_000).toISOString()],
    ['at', 'now'],
    ['vote', 'maybe'],
    ['reason', 'NUL \0'],
    ['acknowledged', 'all'],
  ])('that says another %s is EXQ-4012, names it, and leaves a refusal', async (field, value) => {
    const key = await newOwnKey()
    const shown = await ask()
    const statement = await statementFor(shown, { [field]: value } as Partial<VoteStatement>)
    const before = (await refusals()).length
    const answer = await post(`/v1/approvals/${shown.id}/votes`, signedBy(key, statement))
    expect(answer).toMatchObject({ status: 422, body: { code: 'EXQ-4012', errors: [{ pointer: `/${field}` }] } })
    expect((await refusals()).slice(before)).toEqual(['person:bob EXQ-4012'])
  })

  test('that is not in its canonical form, or has a field more, is EXQ-4012', async () => {
    const key = await newOwnKey()
    const shown = await ask()
    const statement = await statementFor(shown)
    for (const bytes of [JSON.stringify(statement, null, 1), JSON.stringify({ ...statement, more: 1 }), '[]', 'no']) {
      const vote = { statement: bytes, key_id: key.key_id, signature: key.sign(bytes) }
      expect(await post(`/v1/approvals/${shown.id}/votes`, vote)).toMatchObject({ body: { code: 'EXQ-4012' } })
    }
    const other = { ...signedBy(key, statement), signature: signedBy(newKey(), statement).signature }
    expect(await post(`/v1/approvals/${shown.id}/votes`, other)).toMatchObject({ body: { code: 'EXQ-4012' } })
  })

  test('that is sent again after it was withdrawn is EXQ-4014: it names an old revision', async () => {
    const key = await newOwnKey()
    const shown = await ask()
    const first = signedBy(key, await statementFor(shown))
    await post(`/v1/approvals/${shown.id}/votes`, first)
    const withdrawal = await statementFor(shown, { vote: 'withdraw', revision: 2 })
    await post(`/v1/approvals/${shown.id}/votes`, signedBy(key, withdrawal))
    expect(await post(`/v1/approvals/${shown.id}/votes`, first)).toMatchObject({
      status: 409,
      body: { code: 'EXQ-4014' },
    })
  })

  test('by the key of somebody else is EXQ-4013', async () => {
    const [key, shown] = [newKey(), await ask()]
    await register(key, desk.tokens.ann, 'person:ann')
    const vote = signedBy(key, await statementFor(shown))
    expect(await post(`/v1/approvals/${shown.id}/votes`, vote)).toMatchObject({
      status: 403,
      body: { code: 'EXQ-4013' },
    })
  })
})

describe('one person', () => {
  test('has one vote, whichever way the person comes in', async () => {
    const token = await inTransaction(desk.plane.pool, (db) => giveToken(db, 'acme', 'person:bob', 'test'))
    const shown = await ask()
    const vote = { vote: 'approve', envelope_digest: shown.envelope_digest }
    await post(`/v1/approvals/${shown.id}/votes`, vote)
    const other = await post(`/v1/approvals/${shown.id}/votes`, vote, token)
    expect(other.body.votes).toHaveLength(1)
    const withdrawn = await post(`/v1/approvals/${shown.id}/votes`, { ...vote, vote: 'withdraw' }, token)
    expect(withdrawn.body.votes.map(({ revision }: { revision: number }) => revision)).toEqual([1, 2])
  })

  test('who votes differently twice at once has one of both as the last word, and no vote is lost', async () => {
    const shown = await ask()
    const cast = (vote: string) =>
      post(`/v1/approvals/${shown.id}/votes`, { vote, reason: 'seen', envelope_digest: shown.envelope_digest })
    const answers = await Promise.all(['approve', 'reject', 'approve', 'withdraw'].map(cast))
    for (const { status } of answers) expect([200, 409]).toContain(status)
    const { body } = await desk.call('GET', `/v1/approvals/${shown.id}`, { token: bob() })
    expect(body.state).toBe('rejected')
    expect(body.votes.map(({ revision }: { revision: number }) => revision)).toEqual(
      body.votes.map((_: unknown, index: number) => index + 1),
    )
  })
})

test('who may not decide leaves a refusal: an agent, a person of the chain, a person of no group', async () => {
  const shown = await ask()
  const before = (await refusals()).length
  const vote = { vote: 'approve', envelope_digest: shown.envelope_digest }
  for (const token of [desk.tokens.desk, desk.tokens.ann, desk.tokens.eve]) {
    expect((await post(`/v1/approvals/${shown.id}/votes`, vote, token)).status).toBe(403)
  }
  expect((await refusals()).slice(before)).toEqual([
    'agent:support_refunds_v2 EXQ-2002',
    'person:ann EXQ-4003',
    'person:eve EXQ-4003',
  ])
})

test('a deployment of one person lets the owner approve, and marks it everywhere', async () => {
  const alone = await desk.serve({ ...desk.plane, people: 'one' })
  const shown = await ask()
  const answer = await alone.inject({
    method: 'POST',
    url: `/v1/approvals/${shown.id}/votes`,
    headers: { authorization: `Bearer ${desk.tokens.ann}`, 'content-type': 'application/json' },
    payload: { vote: 'approve', reason: 'nobody else is here', envelope_digest: shown.envelope_digest },
  })
  expect(answer.json()).toMatchObject({
    your_vote: { self_approved: true },
    votes: [{ approver: 'person:ann', self_approved: true, counts: true }],
  })
  const trail = await desk.call('GET', `/v1/actions/${shown.action_id}/trail`, { token: bob() })
  const entry = trail.body.entries.find(({ what }: { what: string }) => what.startsWith('approve by person:ann'))
  expect(entry).toMatchObject({ what: expect.stringContaining('SELF-APPROVED'), facts: { self_approved: true } })
  const { body } = await desk.call('GET', `/v1/approvals/${shown.id}`, { token: bob() })
  expect(body.votes).toMatchObject([{ self_approved: true, counts: false }])
})
