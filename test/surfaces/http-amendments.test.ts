import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createPrincipal } from '../../src/control-plane/principals.js'
import { canonical } from '../../src/digest.js'
import { approvalShape } from '../../src/http/approval-shape.js'
import { actionShape } from '../../src/http/schemas.js'
import { drawn } from '../_util/drawn.js'
import { cancellation, type HttpDesk, openHttpDesk, refund } from './http-desk.js'

let desk: HttpDesk
let carl: string

beforeAll(async () => {
  desk = await openHttpDesk()
  const person = { tenant: 'acme', kind: 'person', name: 'carl', groups: ['finance'], by: 'test' } as const
  carl = (await createPrincipal(desk.plane, person)).token
})
afterAll(() => desk.close())

const cancel = (request_id: string) => ({
  ...cancellation(request_id),
  args: { subscription_id: `sub_${request_id}` },
})

/** Asks for something that a person of finance has to approve. */
async function ask(body: { readonly context: object }) {
  const action = (await desk.submit(body)).body.id as string
  const id = await desk.askPeople({ id: action })
  return { action, ...(await shown(id)) }
}

async function shown(id: string) {
  const { body } = await desk.call('GET', `/v1/approvals/${id}`, { token: desk.tokens.bob })
  return { id, envelope_digest: body.envelope_digest as string, state: body.state, rendering: drawn(body.rendering) }
}

interface Asked {
  readonly id: string
  readonly envelope_digest: string
}

const amend = ({ id, envelope_digest }: Asked, changes: object = {}, token = desk.tokens.bob) =>
  desk.call('POST', `/v1/approvals/${id}/amendments`, {
    token,
    body: { step: 'step1', args: { subscription_id: 'sub_2' }, reason: 'the other one', envelope_digest, ...changes },
  })

const approve = ({ id, envelope_digest }: Asked, token: string) =>
  desk.call('POST', `/v1/approvals/${id}/votes`, { token, body: { vote: 'approve', reason: '', envelope_digest } })

describe('an amendment', () => {
  test('makes what was sealed out of date, and is asked about anew, with what was before', async () => {
    const asked = await ask(cancel('anew'))
    expect((await approve(asked, carl)).status).toBe(200)
    const answer = await amend(asked)
    expect(answer.status).toBe(200)
    expect(approvalShape.strict().parse(answer.body)).toMatchObject({ id: asked.id, state: 'stale' })
    expect((await desk.readApproval({ id: asked.action }, 1)).state).toBe('stale')
    const next = await shown(await desk.askPeople({ id: asked.action }, 60_000, 2))
    expect(next).toMatchObject({ state: 'waiting' })
    expect((await shown(asked.id)).state).toBe('superseded')
    expect(next.rendering).toContain(
      `AMENDED since the agent asked; in place of the envelope ${asked.envelope_digest}:`,
    )
    expect(next.rendering).toContain('  step1 subscription_id: "sub_anew" -> "sub_2"')
    expect(next.rendering).toContain('  person:bob says why: "the other one"')
    expect(next.rendering).toContain('  subscription_id = "sub_2"')
    const { state, votes } = await desk.readApproval({ id: asked.action }, 2)
    expect({ state, votes }).toEqual({ state: 'waiting', votes: [] })
  })

  test('is told to the agent that asked', async () => {
    const asked = await ask(cancel('told'))
    await amend(asked)
    const { body } = await desk.call('GET', `/v1/actions/${asked.action}`, { token: desk.tokens.desk })
    expect(actionShape.strict().parse(body).amendments).toMatchObject([
      {
        step: 'step1',
        amended_by: 'person:bob',
        reason: 'the other one',
        changes: [{ pointer: '/subscription_id', before: 'sub_told', after: 'sub_2' }],
      },
    ])
    const trail = await desk.call('GET', `/v1/actions/${asked.action}/trail`, { token: desk.tokens.bob })
    expect(trail.body.entries.map(({ what }: { what: string }) => what)).toContain('person:bob amended step1')
  })

  test('is approved by anybody but who wrote it', async () => {
    const asked = await ask(cancel('other-eyes'))
    await amend(asked)
    const next = await shown(await desk.askPeople({ id: asked.action }, 60_000, 2))
    expect((await approve(next, desk.tokens.bob)).body.code).toBe('EXQ-4003')
    expect((await approve(next, carl)).status).toBe(200)
    expect((await desk.readApproval({ id: asked.action }, 2)).state).toBe('approved')
  })

  test('waits for somebody, where the policy would let it run', async () => {
    const asked = await ask(refund('let-run', { args: { amount_cents: 4200 }, context: { requires_approval: true } }))
    await amend(asked, { args: { customer_message: 'Sorry!' } })
    await desk.askPeople({ id: asked.action }, 60_000, 2)
    const { state, requirements } = await desk.readApproval({ id: asked.action }, 2)
    expect({ state, requirements }).toEqual({ state: 'waiting', requirements: { approvers: 1 } })
  })

  test('leaves what was admitted as it is', async () => {
    const asked = await ask(cancel('admitted'))
    const before = await desk.call('GET', `/v1/actions/${asked.action}`, { token: desk.tokens.desk })
    await amend(asked)
    const after = await desk.call('GET', `/v1/actions/${asked.action}`, { token: desk.tokens.desk })
    expect(after.body.request_digest).toBe(before.body.request_digest)
    expect((await desk.submit(cancel('admitted'))).body.id).toBe(asked.action)
  })
})

describe('an amendment is refused', () => {
  test.each([
    ['of an agent', 'EXQ-2002', {}, () => desk.tokens.desk],
    ['of who owns the agent', 'EXQ-4003', {}, () => desk.tokens.ann],
    ['of a group that is not asked', 'EXQ-4003', {}, () => desk.tokens.eve],
    ['for another envelope', 'EXQ-4004', { envelope_digest: 'sha256:other' }, () => desk.tokens.bob],
    ['of a step that is not there', 'EXQ-4041', { step: 'step2' }, () => desk.tokens.bob],
    ['that changes nothing', 'EXQ-4042', { args: {} }, () => desk.tokens.bob],
    ['that does not fit the contract', 'EXQ-1102', { args: { subscription_id: 7 } }, () => desk.tokens.bob],
    ['with an argument the contract has not', 'EXQ-1102', { args: { more: 1 } }, () => desk.tokens.bob],
    ['without a reason', 'EXQ-1002', { reason: '' }, () => desk.tokens.bob],
  ])('%s: %s', async (what, code, changes, token) => {
    const asked = await ask(cancel(`no-${what.replaceAll(' ', '-')}`))
    const before = (await desk.refusals()).length
    const answer = await amend(asked, changes, token())
    expect(answer.body.code).toBe(code)
    expect((await shown(asked.id)).state).toBe('waiting')
    // Whoever may not decide at all is remembered for trying.
    const remembered = (await desk.refusals()).slice(before).map((refusal) => refusal.code)
    expect(remembered).toEqual(['EXQ-2002', 'EXQ-4003'].includes(code) ? [code] : [])
  })

  test('of an argument that an observation rests on', async () => {
    const asked = await ask(refund('observed', { args: { amount_cents: 4100 }, context: { requires_approval: true } }))
    expect((await amend(asked, { args: { invoice_id: 'in_999' } })).body.code).toBe('EXQ-4043')
  })

  test('once the envelope is out of date', async () => {
    const asked = await ask(cancel('twice'))
    await amend(asked)
    expect((await amend(asked, { args: { subscription_id: 'sub_3' } }, carl)).body.code).toBe('EXQ-4004')
  })

  test('once the action has ended', async () => {
    const asked = await ask(cancel('ended'))
    await desk.end(asked.action, 'cancelled')
    expect((await amend(asked)).body.code).toBe('EXQ-4002')
  })
})

describe('a row that the server did not sign', () => {
  const insert = `insert into amendments (tenant, action_id, revision, approval_id, round, step, args, previous_digest,
      amended_by, account, reason, statement, key_id, signature)
    select 'acme', $1, $2, $3, 1, 'step1', $4, $5, 'person:bob', 'token:x', 'why', $6, $7, $8`

  async function forge(asked: Asked & { readonly action: string }, over: { statement?: object; signature?: string }) {
    const args = { subscription_id: 'sub_evil' }
    const statement = canonical({
      kind: 'amendment',
      tenant: 'acme',
      action_id: asked.action,
      revision: 1,
      approval_id: asked.id,
      round: 1,
      step: 'step1',
      args,
      previous_digest: asked.envelope_digest,
      amended_by: 'person:bob',
      account: 'token:x',
      reason: 'why',
      at: '2026-11-21T10:00:00.000Z',
      ...over.statement,
    })
    const { signingKey, pool } = desk.plane
    const signature = over.signature ?? signingKey.sign(statement)
    await pool
      .of('acme')
      .query(insert, [
        asked.action,
        1,
        asked.id,
        JSON.stringify(args),
        asked.envelope_digest,
        statement,
        signingKey.keyId,
        signature,
      ])
    const { body } = await desk.call('GET', `/v1/actions/${asked.action}`, { token: desk.tokens.desk })
    return { amendments: body.amendments, state: (await shown(asked.id)).state }
  }

  test('would count, if the server had signed exactly that', async () => {
    const answer = await forge(await ask(cancel('signed')), {})
    expect(answer).toMatchObject({ state: 'stale', amendments: [{ amended_by: 'person:bob' }] })
  })

  test.each([
    ['nothing', {}, 'forged'],
    ['another tenant', { tenant: 'globex' }, undefined],
    ['another action', { action_id: 'act_other' }, undefined],
    ['another revision', { revision: 2 }, undefined],
    ['another approval', { approval_id: 'apr_other' }, undefined],
    ['another round', { round: 2 }, undefined],
    ['another step', { step: 'step2' }, undefined],
    ['other arguments', { args: { subscription_id: 'sub_3' } }, undefined],
    ['another envelope', { previous_digest: 'sha256:other' }, undefined],
    ['another person', { amended_by: 'person:ann' }, undefined],
    ['another reason', { reason: '' }, undefined],
    ['a vote', { kind: 'vote' }, undefined],
  ])('changes nothing where it signed %s', async (what, statement, signature) => {
    const asked = await ask(cancel(`forged-${what.replaceAll(' ', '-')}`))
    const answer = await forge(asked, { statement, ...(signature && { signature }) })
    expect(answer).toEqual({ amendments: [], state: 'waiting' })
    expect((await approve(asked, carl)).status).toBe(200)
    expect((await desk.readApproval({ id: asked.action }, 1)).state).toBe('approved')
  })
})
