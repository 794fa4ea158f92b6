import { MockActivityEnvironment } from '@temporalio/testing'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createDecisionActivities } from '../../activities/index.js'
import { attendToShadows } from '../../activities/shadow-attention.js'
import { attendToSilent } from '../../activities/silent-attention.js'
import type { AttentionView } from '../../src/control-plane/attention/attention-view.js'
import { resolveAttention } from '../../src/control-plane/attention/resolve-attention.js'
import { authenticate } from '../../src/control-plane/authenticate.js'
import { changeMembership } from '../../src/control-plane/memberships.js'
import { canonical } from '../../src/digest.js'
import type { AttentionReason, ResolutionStatement } from '../../src/domain/attention.js'
import { generationAfter } from '../../src/domain/attention.js'
import type { Effect } from '../../src/domain/lifecycle.js'
import { loadAdmitted } from '../../src/evidence/load-admitted.js'
import { validResolutions } from '../../src/evidence/resolutions.js'
import { attentionPageShape, attentionShape } from '../../src/http/attention-shapes.js'
import { loadAction } from '../../src/ledger/queries/load-action.js'
import type { CallRef } from '../../src/ledger/queries/record-intent.js'
import { recordIntent } from '../../src/ledger/queries/record-intent.js'
import { recordLateResult } from '../../src/ledger/queries/record-late-result.js'
import { recordLook } from '../../src/ledger/queries/record-look.js'
import type { CallOutcome } from '../../src/ledger/queries/record-outcome.js'
import { recordResolution } from '../../src/ledger/queries/record-resolution.js'
import { aMinuteLater, resolutionRow } from '../_util/attention-rows.js'
import { type Authenticator, newAuthenticator, type Said } from '../_util/authenticator.js'
import { intentFor } from '../_util/ledger-rows.js'
import { newKey, type PersonKey, registrationOf } from '../_util/person-key.js'
import { type Answer, cancellation, type HttpDesk, openHttpDesk, send } from './http-desk.js'
import { fromInbox, signIn } from './http-inbox-desk.js'
import { handOver, type LostCall, loseCall, unknown } from './http-lost-calls.js'

let desk: HttpDesk
let count = 0
beforeAll(async () => {
  desk = await openHttpDesk()
})
afterAll(() => desk.close())

const lost = (outcome = unknown, reason: AttentionReason | null = 'unknown') => {
  count += 1
  return loseCall(desk, cancellation(`lost${count}`), outcome, reason)
}
const look = async (id: string, token: string | undefined = desk.tokens.bob): Promise<AttentionView> =>
  (await desk.call('GET', `/v1/attention/${id}`, { token })).body

async function resolve(
  { attention }: Pick<LostCall, 'attention'>,
  wish: object,
  token: string | undefined = desk.tokens.bob,
): Promise<Answer> {
  const { state_digest } = await look(attention)
  const body = { choice: 'attempt-again', reason: 'the bank has nothing', state_digest, ...wish }
  return desk.call('POST', `/v1/attention/${attention}/resolutions`, { token, body })
}

/** Lets the time pass in which the call may still be applied. */
const later = ({ call }: LostCall) => aMinuteLater(desk.database.ownerUrl, call)

const happened = { choice: 'happened', evidence: 'seen in the console' }

/** What a look at the real system settles. */
const found = (call: CallRef, effect: Effect, detail: string | null) => {
  const finding = { found: effect, detail, claimed: null, observed: null, output: null }
  return recordLook(desk.database.executorPool, call, finding, { tookMs: 0, settles: true })
}

/** What the decisions recorded of an action come to, as an executor would see it. */
async function generation({ call }: LostCall): Promise<number> {
  const deps = { ...desk.plane, pool: desk.database.executorPool }
  const admitted = await loadAdmitted(deps, call)
  return admitted ? generationAfter(validResolutions(deps, admitted), call) : -1
}

describe('what needs attention', () => {
  test('is shown with what is known, what was tried, and what each choice does', async () => {
    const { attention, action } = await lost()
    const answer = await desk.call('GET', `/v1/attention/${attention}`, { token: desk.tokens.bob })
    const view = attentionShape.strict().parse(answer.body)
    expect(view).toMatchObject({
      id: attention,
      state: 'open',
      reason: 'unknown',
      overdue: false,
      action_id: action,
      tool: 'cancel_subscription',
      resource: 'Subscription sub_1',
      effect: 'unknown',
      attempts: [{ attempt: 1, claimed: 'unknown', error: { code: 'EXQ-5002', detail: 'no answer in time' } }],
      observed: [],
      groups: ['finance'],
      method_needed: 'any',
      your_resolution: { may: true, revision: 1, self_decided: false },
      resolution: null,
    })
    expect(view.choices.map(({ choice }) => choice)).toEqual([
      'happened',
      'did-not-happen',
      'attempt-again',
      'compensate',
    ])
    const seen = (await desk.call('GET', `/v1/actions/${action}`, { token: desk.tokens.desk })).body
    expect(seen.attention).toMatchObject([{ id: attention, reason: 'unknown', step: 'step1' }])
  })

  test('shows what was claimed beside what was observed', async () => {
    const answered: CallOutcome = { effect: 'committed', output: { status: 'cancelled' }, error: null }
    const { attention, call } = await lost(answered, 'diverged')
    await found(call, 'diverged', 'it is active')
    expect(await look(attention)).toMatchObject({
      effect: 'diverged',
      attempts: [{ claimed: 'committed', output: { status: 'cancelled' } }],
      observed: [{ found: 'diverged', detail: 'it is active' }],
    })
  })

  test('is listed for those who may decide, and for other people where they ask for all', async () => {
    const { attention } = await lost()
    const ids = async (token: string | undefined, query = '') => {
      const { body } = await desk.call('GET', `/v1/attention?limit=100${query}`, { token })
      return attentionPageShape.parse(body).items.map(({ id }) => id)
    }
    expect(await ids(desk.tokens.bob)).toContain(attention)
    for (const token of [desk.tokens.eve, desk.tokens.ann]) {
      expect(await ids(token)).not.toContain(attention)
      expect(await ids(token, '&all=true')).toContain(attention)
    }
    expect(await ids(desk.tokens.zoe, '&all=true')).toEqual([])
    expect(await ids(desk.tokens.bob, '&reason=late')).not.toContain(attention)
    expect(await ids(desk.tokens.bob, '&tool=cancel_subscription&reason=unknown&older_than=0')).toContain(attention)
    expect(await ids(desk.tokens.bob, '&tool=refund_invoice')).toEqual([])
    expect(await ids(desk.tokens.bob, '&older_than=3600')).toEqual([])
    const { body } = await desk.call('GET', '/v1/attention?limit=1', { token: desk.tokens.bob })
    expect(body.open).toBeGreaterThan(0)
    expect(body.oldest_seconds).toBeGreaterThanOrEqual(0)
    const next = await desk.call('GET', `/v1/attention?limit=1&cursor=${body.next}`, { token: desk.tokens.bob })
    expect(next.body.items[0]?.id).not.toBe(body.items[0].id)
  })

  test('is not for agents', async () => {
    const { attention } = await lost()
    for (const url of ['/v1/attention', `/v1/attention/${attention}`])
      expect((await desk.call('GET', url, { token: desk.tokens.desk })).body.code).toBe('EXQ-2002')
  })

  test('is opened once, however often it is asked', async () => {
    const { attention, call } = await lost()
    const answers = await Promise.all([handOver(desk, call, 'unknown'), handOver(desk, call, 'unknown')])
    expect(answers.map(({ attention_id }) => attention_id)).toEqual([attention, attention])
    expect((await loadAction(desk.database.serverPool, call))?.attentions).toHaveLength(1)
  })

  test('tells who may decide, once', async () => {
    const { attention } = await lost()
    const { rows } = await desk.database.serverPool
      .of('acme')
      .query('select kind, recipients from notices where attention_id = $1', [attention])
    expect(rows).toEqual([{ kind: 'asked', recipients: ['person:bob'] }])
  })

  test('is settled by what the real system shows meanwhile, and then takes no decision', async () => {
    const one = await lost()
    await found(one.call, 'committed', null)
    expect(await look(one.attention)).toMatchObject({ state: 'settled', choices: [] })
    expect((await resolve(one, happened)).body.code).toBe('EXQ-5032')
  })

  test('is not settled by a yes that no look could confirm: people say whether it happened, and order no other', async () => {
    const one = await lost({ effect: 'committed', output: { status: 'cancelled' }, error: null })
    const finding = {
      found: 'not-committed',
      detail: 'it is active',
      claimed: null,
      observed: null,
      output: null,
    } as const
    await recordLook(desk.database.executorPool, one.call, finding, { tookMs: 0, settles: false })
    const shown = await look(one.attention)
    expect(shown.state).toBe('open')
    expect(shown.choices.map(({ choice }) => choice)).toEqual(['happened', 'did-not-happen', 'compensate'])
    const { body } = await desk.call('GET', '/v1/attention?all=true&limit=100', { token: desk.tokens.bob })
    expect(body.items.map(({ id }: AttentionView) => id)).toContain(one.attention)
    expect((await resolve(one, { choice: 'did-not-happen', evidence: 'it is active' })).status).toBe(200)
    expect(await look(one.attention)).toMatchObject({ state: 'decided' })
  })
})

describe('deciding', () => {
  test('records what a person says, once, and tells the workflow to look', async () => {
    const one = await lost()
    const wish = { ...happened, output: { status: 'cancelled' } }
    const answers = await Promise.all([resolve(one, wish), resolve(one, wish)])
    for (const { status, body } of answers) {
      expect(status).toBe(200)
      expect(attentionShape.strict().parse(body)).toMatchObject({
        state: 'decided',
        resolution: { choice: 'happened', decided_by: 'person:bob', output: { status: 'cancelled' } },
        choices: [],
      })
    }
    expect((await loadAction(desk.database.serverPool, one.call))?.resolutions).toHaveLength(1)
    expect(desk.hints).toContain(one.action)
    expect(await handOver(desk, one.call, 'unknown')).toMatchObject({ attention_id: one.attention, choice: 'happened' })
    const { body } = await desk.call('GET', `/v1/actions/${one.action}`, { token: desk.tokens.desk })
    expect(body.attention).toEqual([])
  })

  test('is not done twice over: what differs is a conflict', async () => {
    const one = await lost()
    await later(one)
    const answers = await Promise.all([
      resolve(one, happened),
      resolve(one, { choice: 'did-not-happen', evidence: 'nothing there' }),
    ])
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 409])
    expect(answers.find(({ status }) => status === 409)?.body.code).toBe('EXQ-5032')
    expect((await loadAction(desk.database.serverPool, one.call))?.resolutions).toHaveLength(1)
  })

  test('that it did not happen is nothing that anybody can have seen while the call may still be applied', async () => {
    const one = await lost()
    const nothing = { choice: 'did-not-happen', evidence: 'nothing there' }
    expect((await resolve(one, nothing)).body).toMatchObject({
      code: 'EXQ-5038',
      detail: expect.stringMatching(/may be applied for \d+ s more/),
    })
    expect((await loadAction(desk.database.serverPool, one.call))?.resolutions).toEqual([])
    await later(one)
    expect((await resolve(one, nothing)).status).toBe(200)
  })

  test('is on what was shown: once more is known it is to be looked at again', async () => {
    const one = await lost()
    const { state_digest } = await look(one.attention)
    await found(one.call, 'diverged', 'half of it is there')
    expect((await resolve(one, { ...happened, state_digest })).body.code).toBe('EXQ-5033')
    expect((await resolve(one, happened)).status).toBe(200)
  })

  test.each([
    ['leaving what may be undone', { choice: 'leave' }, 'EXQ-5034'],
    ['no reason', { reason: ' ' }, 'EXQ-5035'],
    ['no evidence', { choice: 'did-not-happen' }, 'EXQ-5035'],
    ['an output that the tool would not give', { ...happened, output: { state: 'x' } }, 'EXQ-5035'],
    ['an output of what did not happen', { choice: 'did-not-happen', evidence: 'x', output: {} }, 'EXQ-5035'],
    ['a word that is no choice', { choice: 'retry' }, 'EXQ-1002'],
  ])('is refused with %s', async (_, wish, code) => {
    const one = await lost()
    await later(one)
    expect((await resolve(one, wish)).body.code).toBe(code)
    expect((await loadAction(desk.database.serverPool, one.call))?.resolutions).toEqual([])
  })

  test('about an action that has ended only says what was so', async () => {
    const one = await lost()
    await desk.end(one.action, 'needs-attention')
    expect((await look(one.attention)).choices.map(({ choice }) => choice)).toEqual(['happened', 'did-not-happen'])
    expect((await resolve(one, {})).body.code).toBe('EXQ-5034')
    expect((await resolve(one, happened)).status).toBe(200)
  })

  test('something is asked anew only where more came to light after it was decided', async () => {
    const one = await lost()
    await resolve(one, happened)
    expect((await handOver(desk, one.call, 'late')).attention_id).not.toBe(one.attention)
    const { attention_id } = await handOver(desk, one.call, 'late')
    expect((await resolve({ attention: attention_id }, happened)).status).toBe(200)
    expect(await handOver(desk, one.call, 'late')).toMatchObject({ attention_id, choice: 'happened' })
    await found(one.call, 'diverged', 'twice')
    const again = await handOver(desk, one.call, 'late')
    expect(again).toMatchObject({ choice: null })
    expect(again.attention_id).not.toBe(attention_id)
  })
})

test('an answer that comes after it was said not to have happened is handed over, once', async () => {
  const one = await lost()
  await later(one)
  await resolve(one, { choice: 'did-not-happen', evidence: 'nothing there' })
  await desk.end(one.action, 'failed')
  const opened = async () => {
    await attendToShadows(desk.plane, { tenant: 'acme' })
    const record = await loadAction(desk.database.serverPool, one.call)
    return (record?.attentions ?? []).map(({ reason }) => reason)
  }
  expect(await opened()).toEqual(['unknown'])
  const answer: CallOutcome = { effect: 'committed', output: { status: 'cancelled' }, error: null }
  await recordLateResult(desk.database.executorPool, one.call, 1, answer)
  expect(await opened()).toEqual(['unknown', 'late'])
  expect(await opened()).toEqual(['unknown', 'late'])
  const late = (await loadAction(desk.database.serverPool, one.call))?.attentions.at(-1)?.id ?? ''
  expect(await look(late)).toMatchObject({
    state: 'open',
    action_outcome: 'failed',
    attempts: [{ late: { claimed: 'committed', output: { status: 'cancelled' } } }],
  })
  expect((await resolve({ attention: late }, happened)).status).toBe(200)
})

test('a call of which nobody hears anything is handed over to people, once, though no workflow gets to it', async () => {
  const one = await lost(unknown, null)
  const opened = async (afterMs: number) => {
    await attendToSilent(desk.plane, { tenant: 'acme', afterMs })
    const record = await loadAction(desk.database.serverPool, one.call)
    return (record?.attentions ?? []).map(({ reason }) => reason)
  }
  expect(await opened(30_000)).toEqual([])
  await later(one)
  expect(await opened(120_000)).toEqual([])
  expect(await opened(30_000)).toEqual(['unknown'])
  expect(await opened(30_000)).toEqual(['unknown'])
  const seen = await lost(unknown, null)
  await later(seen)
  await found(seen.call, 'committed', null)
  await attendToSilent(desk.plane, { tenant: 'acme', afterMs: 30_000 })
  expect((await loadAction(desk.database.serverPool, seen.call))?.attentions).toEqual([])
})

test('an answer that comes to a call which another was ordered for is handed over as what it is, and settles no other', async () => {
  const one = await lost()
  await resolve(one, {})
  await aMinuteLater(desk.database.ownerUrl, one.call)
  const intent = await intentFor(desk.database.serverPool, one.call, { generation: 1, round: 2, tool: 'x' })
  expect(await recordIntent(desk.database.executorPool, intent)).toBe('written')
  const next = await handOver(desk, { ...one.call, generation: 1 }, 'unknown')
  const answer: CallOutcome = { effect: 'committed', output: { status: 'cancelled' }, error: null }
  await recordLateResult(desk.database.executorPool, one.call, 1, answer)
  await attendToShadows(desk.plane, { tenant: 'acme' })
  await attendToShadows(desk.plane, { tenant: 'acme' })
  const record = await loadAction(desk.database.serverPool, one.call)
  const late = (record?.attentions ?? []).filter(({ reason }) => reason === 'late')
  expect(late).toMatchObject([{ generation: 0 }])
  const shown = await look(late[0]?.id ?? '')
  expect(shown.state).toBe('open')
  expect(shown.choices.map(({ choice }) => choice)).toEqual(['happened', 'did-not-happen'])
  expect(shown.choices[0]?.does).toContain('The one made in its place stands for itself')
  expect((await resolve({ attention: shown.id }, happened)).status).toBe(200)
  expect(await generation(one)).toBe(1)
  expect((await look(next.attention_id)).state).toBe('open')
})

describe('who decides', () => {
  test.each([
    ['an agent', () => desk.tokens.other, 'EXQ-2002'],
    ['the agent that asked', () => desk.tokens.desk, 'EXQ-2002'],
    ['the owner of the agent', () => desk.tokens.ann, 'EXQ-5031'],
    ['somebody of another group', () => desk.tokens.eve, 'EXQ-5031'],
    ['somebody of another tenant', () => desk.tokens.zoe, 'EXQ-5030'],
  ])('is not %s', async (_, token, code) => {
    const one = await lost()
    const { body } = await resolve(one, {}, token())
    expect(body.code).toBe(code)
    expect((await loadAction(desk.database.serverPool, one.call))?.resolutions).toEqual([])
    if (code === 'EXQ-5031')
      expect(await desk.refusals()).toContainEqual(expect.objectContaining({ code: 'EXQ-5031', tenant: 'acme' }))
  })

  test('is nobody who has left the group; an order that they gave ends with it, until it was followed', async () => {
    const [before, used, after] = [await lost(), await lost(), await lost()]
    for (const one of [before, used]) expect((await resolve(one, {})).status).toBe(200)
    expect([await generation(before), await generation(used)]).toEqual([1, 1])
    await aMinuteLater(desk.database.ownerUrl, used.call)
    const intent = await intentFor(desk.database.serverPool, used.call, { generation: 1, round: 2, tool: 'x' })
    expect(await recordIntent(desk.database.executorPool, intent)).toBe('written')
    const member = { tenant: 'acme', group: 'finance', principal: 'person:bob', by: 'test' }
    await changeMembership(desk.plane, { ...member, state: 'removed' })
    try {
      expect([await generation(before), await generation(used)]).toEqual([0, 1])
      expect((await look(before.attention)).state).toBe('open')
      expect((await resolve(after, {})).body.code).toBe('EXQ-5031')
    } finally {
      await changeMembership(desk.plane, { ...member, state: 'member' })
    }
  })

  test('is nobody who only writes rows: an order that no server signed is none', async () => {
    const one = await lost()
    const { state_digest } = await look(one.attention)
    const forged = resolutionRow(
      { ...one.call, phase: 'execute', id: one.attention, ordinal: 1, reason: 'unknown', known: {} },
      { state_digest, account: (await desk.call('GET', '/v1/keys', { token: desk.tokens.bob })).body.account },
    )
    const { plane, database } = desk
    const authority = await plane.authorities.current('acme')
    // As a login of the server's role could, with a statement that says just this.
    const {
      facts: _,
      statement: __,
      key_id: ___,
      signature: ____,
      own_key_id: _____,
      own_signature: ______,
      ...said
    } = forged
    for (const [revision, signature] of [
      [1, 'signature'],
      [2, 'A'.repeat(86)],
    ] as const) {
      const statement = canonical({ ...said, revision })
      const row = { ...forged, revision, statement, key_id: plane.signingKey.keyId, signature }
      expect(await recordResolution(database.serverPool, row, authority?.revision ?? 0)).toBe('recorded')
    }
    expect(await generation(one)).toBe(0)
    expect(await handOver(desk, one.call, 'unknown')).toMatchObject({ attention_id: one.attention, choice: null })
    expect((await look(one.attention)).state).toBe('open')
    // Nor is it in the way of a real one.
    expect((await resolve(one, happened)).status).toBe(200)
  })
})

describe('of high risk', () => {
  test('is not settled by a sign-in alone, nor by a click: by a token, and where the configuration says so', async () => {
    const { attention } = await lost()
    const browser = await signIn(desk, desk.tokens.bob)
    const shown = await look(attention)
    expect(shown).toMatchObject({ risk: 'high', method_needed: 'any', resolve_by: { inbox: false } })
    const path = `/v1/attention/${attention}`
    const body = { ...happened, reason: 'seen', state_digest: shown.state_digest }
    const byPage = (app = desk.app) => send(app, 'POST', `${path}/resolutions`, { headers: fromInbox(browser), body })
    expect(await byPage()).toMatchObject({ status: 403, body: { code: 'EXQ-5036' } })
    expect((await desk.refusals()).at(-1)).toMatchObject({ principal: 'person:bob', code: 'EXQ-5036' })
    const caller = await authenticate(desk.plane, desk.tokens.bob ?? '', true)
    const clicked = { ...body, choice: 'happened', output: null, method: 'slack' } as const
    await expect(resolveAttention(desk.plane, caller, attention, clicked)).rejects.toMatchObject({ code: 'EXQ-5036' })
    expect((await look(attention)).state).toBe('open')
    const surfaceRules = { ...desk.plane.surfaceRules, inboxUpTo: 'high' } as const
    const lax = await desk.serve({ ...desk.plane, surfaceRules })
    const { body: laxly } = await send(lax, 'GET', path, { token: desk.tokens.bob })
    expect(laxly.resolve_by).toEqual({ inbox: true })
    expect(await byPage(lax)).toMatchObject({ status: 200, body: { state: 'decided' } })
    await lax.close()
    expect((await resolve(await lost(), happened)).body).toMatchObject({ state: 'decided' })
  })
})

describe('about a critical tool', () => {
  const erase = () => {
    count += 1
    const context = { request_id: `erase${count}` }
    return loseCall(desk, { tool: 'erase_customer', args: { customer_id: `cus_${count}` }, context } as never)
  }
  const key = newKey()

  const token = () => desk.tokens.eve

  async function statementFor(one: LostCall, changes: Partial<ResolutionStatement> = {}): Promise<string> {
    const shown = await look(one.attention, token())
    const { tenant, principal, account } = (await desk.call('GET', '/v1/keys', { token: token() })).body
    return canonical({
      kind: 'resolution',
      tenant,
      action_id: one.action,
      attention_id: one.attention,
      step: shown.step,
      phase: shown.phase,
      generation: shown.generation,
      revision: shown.your_resolution.revision,
      state_digest: shown.state_digest,
      choice: 'attempt-again',
      reason: 'nothing was erased',
      evidence: null,
      output: null,
      decided_by: principal,
      account,
      method: 'key',
      self_decided: shown.your_resolution.self_decided,
      at: new Date().toISOString(),
      ...changes,
    })
  }

  const decide = (one: LostCall, body: object) =>
    desk.call('POST', `/v1/attention/${one.attention}/resolutions`, { token: token(), body })
  async function sign(one: LostCall, by: PersonKey, changes: Partial<ResolutionStatement> = {}) {
    const statement = await statementFor(one, changes)
    return decide(one, { statement, key_id: by.key_id, signature: by.sign(statement) })
  }
  async function assert(one: LostCall, by: Authenticator, changes: Partial<ResolutionStatement> = {}, said: Said = {}) {
    const statement = await statementFor(one, { method: 'passkey', ...changes })
    return decide(one, { statement, key_id: by.key_id, assertion: by.assert(statement, said) })
  }

  test('a decision is signed by whoever makes it', async () => {
    const one = await erase()
    expect(await look(one.attention)).toMatchObject({ method_needed: 'key', resolve_by: { inbox: false } })
    expect((await resolve(one, {}, desk.tokens.eve)).body.code).toBe('EXQ-5036')
    expect((await sign(one, key)).body.code).toBe('EXQ-4013')
    await desk.call('POST', '/v1/keys', {
      token: desk.tokens.eve,
      body: registrationOf(key, 'acme', 'person:eve'),
    })
    expect((await sign(one, newKey())).body.code).toBe('EXQ-4013')
    for (const changes of [
      { choice: 'happened', evidence: null },
      { decided_by: 'person:bob' },
      { attention_id: 'att_other' },
      { at: '2020-01-01T00:00:00.000Z' },
      { generation: 1 },
    ] as Partial<ResolutionStatement>[])
      expect((await sign(one, key, changes)).status).toBe(422)
    expect((await sign(one, key)).body).toMatchObject({ state: 'decided', resolution: { choice: 'attempt-again' } })
    expect(await generation(one)).toBe(1)
  })

  test('a decision may be signed with a passkey as well, and holds for the executor', async () => {
    const one = await erase()
    const passkey = newAuthenticator(desk.plane.inbox.publicUrl)
    const options = await desk.call('POST', '/v1/passkeys/options', { token: token(), body: {} })
    const endorsement = key.sign(
      canonical({ purpose: 'endorse-key', tenant: 'acme', principal: 'person:eve', public_key: passkey.public_key }),
    )
    const made = {
      response: passkey.create(options.body),
      endorsement: { key_id: key.key_id, signature: endorsement },
    }
    expect((await desk.call('POST', '/v1/passkeys', { token: token(), body: made })).status).toBe(200)
    expect((await assert(one, newAuthenticator(desk.plane.inbox.publicUrl))).body.code).toBe('EXQ-4013')
    expect((await assert(one, passkey, { method: 'key' })).status).toBe(422)
    expect((await assert(one, passkey, { generation: 1 })).status).toBe(422)
    expect((await assert(one, passkey, {}, { flags: 0x01 })).status).toBe(422)
    expect(await generation(one)).toBe(0)
    expect((await assert(one, passkey)).body).toMatchObject({
      state: 'decided',
      resolution: { choice: 'attempt-again' },
    })
    expect(await generation(one)).toBe(1)
    const revoked = await desk.call('POST', `/v1/keys/${passkey.key_id}/revoke`, { token: token(), body: {} })
    expect(revoked.status).toBe(200)
    expect(await look(one.attention, token())).toMatchObject({ state: 'open' })
  })
})

describe('an order to attempt again', () => {
  const close = (action_id: string) => {
    const activities = createDecisionActivities({ ...desk.plane, approvalTtlMs: 60_000 })
    const ref = { tenant: 'acme', action_id, outcome: 'rejected', explanation: 'EXQ-4006 Rejected.' } as const
    const run = () => activities.closeTrail(ref)
    return new MockActivityEnvironment().run<[], unknown, typeof run>(run)
  }

  test('that is not followed leaves the call before it in doubt, and the action does not end as if nothing were there', async () => {
    const call = await lost()
    expect((await resolve(call, {})).status).toBe(200)
    expect(await generation(call)).toBe(1)
    expect(await close(call.action)).toEqual({ outcome: 'needs-attention' })
    const denied = await lost()
    await later(denied)
    await resolve(denied, { choice: 'did-not-happen', evidence: 'seen' })
    expect(await close(denied.action)).toEqual({ outcome: 'rejected' })
  })

  test('holds no more once the action has ended without following it: what is in doubt can still be explained', async () => {
    const call = await lost()
    await resolve(call, {})
    await desk.end(call.action, 'needs-attention')
    const { state, resolution, choices } = await look(call.attention)
    expect({ state, resolution }).toEqual({ state: 'open', resolution: null })
    expect(choices.map(({ choice }) => choice)).toEqual(['happened', 'did-not-happen'])
    await later(call)
    const explained = await resolve(call, { choice: 'did-not-happen', evidence: 'nothing there' })
    expect(explained.body).toMatchObject({ state: 'decided', resolution: { choice: 'did-not-happen' } })
  })

  test('holds no more, and is not offered, once an answer came late that says it happened', async () => {
    const call = await lost()
    await resolve(call, {})
    const answer: CallOutcome = { effect: 'committed', output: { status: 'cancelled' }, error: null }
    await recordLateResult(desk.database.executorPool, call.call, 1, answer)
    expect(await generation(call)).toBe(0)
    const { state, choices } = await look(call.attention)
    expect(state).toBe('open')
    expect(choices.map(({ choice }) => choice)).toEqual(['happened', 'did-not-happen', 'compensate'])
  })
})
