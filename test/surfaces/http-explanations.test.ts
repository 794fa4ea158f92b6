import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { explanationShape, simulationShape } from '../../src/http/policy-schemas.js'
import { cancellation, type HttpDesk, openHttpDesk, refund } from './http-desk.js'

let desk: HttpDesk
beforeAll(async () => {
  desk = await openHttpDesk()
})
afterAll(() => desk.close())

const agent = 'support_refunds_v2'
const simulate = async (request: object, more: object = {}, token = desk.tokens.eve) =>
  desk.call('POST', '/v1/policy/simulations', { token, body: { request, agent, ...more } })
const simulated = async (request: object, more: object = {}) => {
  const answer = await simulate(request, more)
  expect(answer).toMatchObject({ status: 200 })
  return simulationShape.strict().parse(answer.body)
}
const explain = (id: string, token = desk.tokens.eve) => desk.call('GET', `/v1/actions/${id}/explanation`, { token })
const inForce = async () => (await desk.plane.authorities.current('acme'))?.policySet?.policies ?? {}
const draft = async (text: string) => ({ ...(await inForce()), 'draft.cedar': text })
const observed = { step1: { refundable_cents: 4_200, currency: 'usd' } }

describe('a simulation', () => {
  test('says what the policy then says of the real request', async () => {
    const requests = [
      cancellation('same-cancel'),
      refund('same-refund', { context: { requires_approval: true } }),
      { tool: 'erase_customer', args: { customer_id: 'cus_1' }, context: { request_id: 'same-erase' } },
    ]
    for (const request of requests) {
      const { steps } = await simulated(request)
      const { body } = await desk.submit(request)
      await desk.askPeople(body)
      const { decisions } = (await explain(body.id)).body
      for (const [index, { result, requirements, explanation, policies }] of steps.entries())
        expect({ result, requirements, explanation, policies }).toEqual({
          result: decisions[index].result,
          requirements: decisions[index].requirements,
          explanation: decisions[index].explanation,
          policies: decisions[index].policies,
        })
    }
  })

  test('leaves nothing behind', async () => {
    const before = [await desk.count('actions'), await desk.count('refusals'), desk.starts.length]
    await simulated(cancellation('no-trace'))
    await simulated({ tool: 'nothing', args: {}, context: { request_id: 'x' } })
    expect([await desk.count('actions'), await desk.count('refusals'), desk.starts.length]).toEqual(before)
  })

  test('names the deciding policies, what is needed, and what it rests on', async () => {
    const answer = await simulated(cancellation('named'))
    expect(answer).toMatchObject({
      result: 'require-approval',
      requirements: { approvers: 1 },
      revision: expect.any(Number),
      facts: { approvals: { from: 'none' }, observed: { from: 'none' }, session: { from: 'ledger' } },
      present: null,
    })
    expect(answer.steps[0]).toMatchObject({
      policies: [{ id: 'default-high-needs-approver', file: 'default-pack.cedar', author: 'service:deployment' }],
      permitted_by: ['desk'],
      enough: 'Approval: 1 approver.',
    })
    const approved = await simulated(cancellation('named'), { approvals: { approvers: 1 } })
    expect(approved).toMatchObject({ result: 'allow', facts: { approvals: { from: 'given' } } })
  })

  test('of a draft says which steps differ from what is in force', async () => {
    const text = `@id("small") forbid (principal, action == Action::"refund_invoice", resource)
      when { context.args.amount_cents > 1000 };`
    const answer = await simulated(refund('drafted'), { policies: await draft(text), observed })
    expect(answer).toMatchObject({ result: 'deny', revision: null, present: { result: 'allow', differs: ['step1'] } })
    expect(answer.steps[0]).toMatchObject({
      policies: [{ id: 'small', author: null }],
      enough: 'Nothing that people approve: small would have to not apply.',
    })
    const same = await simulated(refund('drafted'), { policies: await draft('// nothing'), observed })
    expect(same.present?.differs).toEqual([])
  })

  test('takes what reads would find as given, and calls no tool', async () => {
    const text =
      '@id("usd") forbid (principal, action == Action::"refund_invoice", resource) unless { context has observed };'
    const policies = await draft(text)
    expect((await simulated(refund('seen'), { policies, observed })).result).toBe('allow')
    expect((await simulated(refund('seen', { args: { amount_cents: 5 } }), { policies })).result).toBe('deny')
  })

  test('of what would not be admitted says why', async () => {
    const answer = await simulated({ tool: 'nothing', args: {}, context: { request_id: 'x' } })
    expect(answer).toMatchObject({ result: 'deny', steps: [], problems: [{ code: 'EXQ-1101' }] })
  })

  test('is for people only, about agents there are, and not without end', async () => {
    const request = cancellation('whose')
    expect(await simulate(request, {}, desk.tokens.desk)).toMatchObject({ status: 403, body: { code: 'EXQ-2002' } })
    expect(await simulate(request, { agent: 'nobody' })).toMatchObject({ status: 404, body: { code: 'EXQ-2004' } })
    expect(await simulate(request, { policies: { 'a.cedar': 'permit' } })).toMatchObject({
      status: 422,
      body: { code: 'EXQ-3002' },
    })
    const answers = await Promise.all(Array.from({ length: 61 }, () => simulate(request, {}, desk.tokens.bob)))
    expect(answers.filter(({ body }) => body.code === 'EXQ-1108').length).toBeGreaterThan(0)
  })
})

describe('an explanation', () => {
  test('shows people the policies, the set, and whether it would be otherwise now', async () => {
    const { body } = await desk.submit(cancellation('explained'))
    await desk.askPeople(body)
    const first = explanationShape.strict().parse((await explain(body.id)).body)
    expect(first.decisions).toMatchObject([
      {
        result: 'require-approval',
        says: ['High risk: one approver has to agree.'],
        enough: 'Approval: 1 approver.',
        policies: [{ id: 'default-high-needs-approver', policy_text: expect.stringContaining('forbid') }],
        permitted_by: [{ id: 'desk', author: 'service:deployment' }],
        set: { revision: 1, author: 'service:deployment', until: null },
        now: { result: 'require-approval', differs: false },
      },
    ])
    const policies = await draft(
      '@id("never") @say("Never.") forbid (principal, action == Action::"cancel_subscription", resource);',
    )
    await desk.call('POST', '/v1/policy/changes', { token: desk.tokens.bob, body: { policies, note: '' } })
    const [second] = explanationShape.strict().parse((await explain(body.id)).body).decisions
    expect(second).toMatchObject({
      set: { revision: 1, until: expect.any(String) },
      now: { result: 'deny', differs: true, explanation: 'Never.' },
    })
  })

  test('of a denial without a permit says whose permit there is', async () => {
    const policies = {
      ...(await inForce()),
      'desk.cedar': '@id("other") permit (principal == Agent::"other", action, resource);',
    }
    const { body: change } = await desk.call('POST', '/v1/policy/changes', {
      token: desk.tokens.ann,
      body: { policies, note: '' },
    })
    await desk.call('POST', `/v1/policy/changes/${change.id}/agreements`, {
      token: desk.tokens.bob,
      body: { vote: 'agree' },
    })
    const { steps } = await simulated(refund('no-permit'))
    expect(steps[0]).toMatchObject({
      result: 'deny',
      policies: [],
      enough: expect.stringContaining('permitted to others, or otherwise, by other'),
    })
  })

  test('shows an agent what policies say to it, and no policy', async () => {
    const { body } = await desk.submit(cancellation('for-agents'))
    await desk.askPeople(body)
    const { decisions } = (await explain(body.id, desk.tokens.desk)).body
    expect(decisions).toMatchObject([
      { says: expect.arrayContaining(['Never.']), policies: [], permitted_by: [], set: null, now: null, enough: null },
    ])
    expect(JSON.stringify(decisions)).not.toMatch(/never"|forbid|\.cedar/)
  })
})
