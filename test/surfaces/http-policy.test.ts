import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { giveToken } from '../../src/control-plane/give-token.js'
import { hintWaiting } from '../../src/control-plane/hint-waiting.js'
import { publishPolicies } from '../../src/control-plane/publish-policies.js'
import { policyChangeShape, policySetShape } from '../../src/http/policy-schemas.js'
import { pageOf } from '../../src/http/schemas.js'
import { cancellation, type HttpDesk, openHttpDesk } from './http-desk.js'

let desk: HttpDesk
beforeAll(async () => {
  desk = await openHttpDesk()
})
afterAll(() => desk.close())

const present = async () => {
  const authority = await desk.plane.authorities.current('acme')
  if (!authority?.policySet) throw new Error('no policies are in force')
  return { ...authority.policySet, authorOf: authority.authorOf }
}
/** The set in force with one file more, or other. */
const withFile = async (name: string, text: string) => ({ ...(await present()).policies, [name]: text })
const propose = async (policies: object, token = desk.tokens.ann, note = 'because') =>
  desk.call('POST', '/v1/policy/changes', { token, body: { policies, note } })
const agree = (id: string, token: string, vote: 'agree' | 'object' = 'agree') =>
  desk.call('POST', `/v1/policy/changes/${id}/agreements`, { token, body: { vote, reason: 'seen' } })
const permit = (id: string) => `@id("${id}") permit (principal == Agent::"${id}", action, resource);`
const forbid = (id: string) => `@id("${id}") @say("No.") forbid (principal == Agent::"${id}", action, resource);`

// Before all others: what they change is hinted at too, and late.
describe('what waits for people is told to look when other policies come in force', () => {
  const waits = async (requestId: string) => {
    const { body } = await desk.submit(cancellation(requestId))
    await desk.askPeople(body)
    return body.id as string
  }
  const hintedSince = (count: number) => desk.hints.slice(count)

  test('at once where they tighten, with the last agreement where they loosen', async () => {
    const id = await waits('w1')
    const done = await waits('w2')
    await desk.end(done, 'cancelled')

    let count = desk.hints.length
    const { body } = await propose(await withFile('w.cedar', permit('w')))
    expect(hintedSince(count)).toEqual([])
    await agree(body.id, desk.tokens.bob)
    await vi.waitFor(() => expect(hintedSince(count)).toEqual([id]), 20_000)

    count = desk.hints.length
    await propose(await withFile('tighter.cedar', forbid('tighter')))
    await vi.waitFor(() => expect(hintedSince(count)).toEqual([id]), 20_000)
  })

  test('at most so many, and whatever becomes of one of them', async () => {
    const ids = [await waits('w3'), await waits('w4'), await waits('w5')]
    const told: string[] = []
    const workflows = {
      ...desk.plane.workflows,
      hint: async ({ action_id }: { readonly action_id: string }) => {
        told.push(action_id)
        throw new Error('Temporal is away')
      },
    }
    await hintWaiting({ ...desk.plane, workflows }, 'acme')
    expect(told).toEqual(expect.arrayContaining(ids))
    told.length = 0
    await hintWaiting({ ...desk.plane, workflows }, 'acme', 2)
    expect(told).toHaveLength(2)
  })
})

describe('a change of policies that loosens', () => {
  test('waits for a second person, then is in force with its author and who agreed', async () => {
    const before = await present()
    const proposed = await propose(await withFile('one.cedar', permit('one')))
    expect(proposed.status).toBe(200)
    const change = policyChangeShape.strict().parse(proposed.body)
    expect(change).toMatchObject({
      state: 'waiting',
      author: 'person:ann',
      loosens: true,
      reasons: ['permit one is new'],
      people: 2,
      agreements: [{ person: 'person:ann', vote: 'agree' }],
      differences: [{ id: 'one', text_before: null, text_after: expect.stringContaining('permit') }],
    })
    expect((await agree(change.id, desk.tokens.ann)).body.state).toBe('waiting')
    expect((await present()).digest).toBe(before.digest)

    expect((await agree(change.id, desk.tokens.bob)).body.state).toBe('agreed')
    const after = await present()
    expect(after).toMatchObject({
      revision: before.revision + 1,
      digest: change.digest,
      author: 'person:ann',
      agreed_by: ['person:ann', 'person:bob'],
    })
    expect(after.authorOf('one')).toBe('person:ann')
    expect(after.authorOf('desk')).toBe('service:deployment')
    expect(after.authorOf('constructor')).toBeNull()
    expect((await agree(change.id, desk.tokens.bob)).status).toBe(200)
  })

  test('is not in force however often, and by whatever account, one person agrees', async () => {
    const { body } = await propose(await withFile('two.cedar', permit('two')))
    const again = await propose(await withFile('two.cedar', permit('two')))
    expect(again.body.id).toBe(body.id)
    const second = await giveToken(desk.plane.pool, 'acme', 'person:ann', 'test')
    for (const token of [desk.tokens.ann, second, second])
      expect((await agree(body.id, token)).body).toMatchObject({
        state: 'waiting',
        agreements: [{ person: 'person:ann' }],
      })
    await agree(body.id, desk.tokens.bob, 'object')
  })

  test('ends by one objection, even of who agreed before', async () => {
    const { body } = await propose(await withFile('three.cedar', permit('three')), desk.tokens.bob)
    expect((await agree(body.id, desk.tokens.bob, 'object')).body.state).toBe('objected')
    expect(await agree(body.id, desk.tokens.ann)).toMatchObject({ status: 409, body: { code: 'EXQ-3013' } })
  })

  test('is outdated once another set is in force', async () => {
    const { body } = await propose(await withFile('four.cedar', permit('four')))
    await propose(await withFile('none.cedar', forbid('nobody')), desk.tokens.bob)
    expect(await agree(body.id, desk.tokens.bob)).toMatchObject({
      status: 409,
      body: { code: 'EXQ-3013', detail: expect.stringContaining('outdated') },
    })
  })

  test('comes into force once, where ten agree at once', async () => {
    const { body } = await propose(await withFile('five.cedar', permit('five')))
    const { revision } = await present()
    const answers = await Promise.all(Array.from({ length: 10 }, () => agree(body.id, desk.tokens.bob)))
    expect(answers.map(({ status, body }) => [status, body.state])).toEqual(Array(10).fill([200, 'agreed']))
    expect((await present()).revision).toBe(revision + 1)
  })
})

test('a change that only tightens is in force at once, in the name of its author', async () => {
  const { body } = await propose(await withFile('tight.cedar', forbid('tight')), desk.tokens.bob)
  expect(body).toMatchObject({ state: 'agreed', loosens: false, reasons: [], people: 0 })
  expect((await present()).authorOf('tight')).toBe('person:bob')
})

describe('nobody changes policies', () => {
  test.each([
    ['that are in force already', async () => (await present()).policies, 409, 'EXQ-3015'],
    [
      'to what is not valid',
      async () => ({ 'a.cedar': '@id("a") permit (principal, action, resource) when { 1 };' }),
      422,
      'EXQ-3002',
    ],
    ['to what is no policy', async () => ({ 'a.cedar': 'permit' }), 422, 'EXQ-3002'],
    ['in files of other names', async () => ({ '../a': '' }), 422, 'EXQ-1002'],
  ])('%s', async (_, files, status, code) => {
    const answer = await propose(await files())
    expect([answer.body.code, answer.status === status || answer.status === 400]).toEqual([code, true])
  })

  test('but people of the group that keeps them', async () => {
    const policies = await withFile('x.cedar', permit('x'))
    expect(await propose(policies, desk.tokens.eve)).toMatchObject({ status: 403, body: { code: 'EXQ-3011' } })
    expect(await propose(policies, desk.tokens.desk)).toMatchObject({ status: 403, body: { code: 'EXQ-2002' } })
    const { body } = await propose(policies)
    expect(await agree(body.id, desk.tokens.eve)).toMatchObject({ status: 403, body: { code: 'EXQ-3011' } })
    expect(await agree(body.id, desk.tokens.desk)).toMatchObject({ status: 403, body: { code: 'EXQ-2002' } })
    await agree(body.id, desk.tokens.bob, 'object')
  })

  test('where no such group is declared, and is told what to do', async () => {
    const app = await desk.serve({ ...desk.plane, policyRule: { group: 'policy', people: 2 } })
    const { body, statusCode } = await app
      .inject({
        method: 'POST',
        url: '/v1/policy/changes',
        headers: { authorization: `Bearer ${desk.tokens.ann}`, 'content-type': 'application/json' },
        payload: JSON.stringify({ policies: {}, note: '' }),
      })
      .then((answer) => ({ body: answer.json(), statusCode: answer.statusCode }))
    await app.close()
    expect(statusCode).toBe(409)
    expect(body).toMatchObject({ code: 'EXQ-3014', remedy: expect.stringContaining('policyChanges') })
  })

  test('of another tenant', async () => {
    const { body } = await propose(await withFile('acme.cedar', permit('acme')))
    for (const path of ['', '/agreements']) {
      const answer = await (path
        ? agree(body.id, desk.tokens.zoe)
        : desk.call('GET', `/v1/policy/changes/${body.id}`, { token: desk.tokens.zoe }))
      expect(answer).toMatchObject({ status: 404, body: { code: 'EXQ-3012' } })
    }
    await agree(body.id, desk.tokens.bob, 'object')
  })
})

test('changes and sets are listed for people, and for no agent', async () => {
  const changes = await desk.call('GET', '/v1/policy/changes?limit=3', { token: desk.tokens.eve })
  expect(pageOf(policyChangeShape.strict()).parse(changes.body).items).toHaveLength(3)
  const sets = await desk.call('GET', '/v1/policy/sets', { token: desk.tokens.eve })
  const { items } = pageOf(policySetShape.strict()).parse(sets.body)
  expect(items[0]).toMatchObject({ until: null, digest: (await present()).digest })
  expect(items.at(-1)).toMatchObject({ revision: 1, author: 'service:deployment', until: expect.any(String) })
  for (const path of ['changes', 'sets'])
    expect(await desk.call('GET', `/v1/policy/${path}`, { token: desk.tokens.desk })).toMatchObject({ status: 403 })
})

describe('what the deployment says', () => {
  const told: string[] = []
  const inForce: string[] = []
  const publish = (files: Readonly<Record<string, string>>, people = 2) =>
    publishPolicies(
      {
        ...desk.plane,
        policyRule: { group: 'finance', people },
        tell: ({ change_id }) => told.push(change_id),
        inForce: (tenant) => inForce.push(tenant),
      },
      'acme',
      files,
    )

  test('is in force at once if it only tightens, and waits for people if it loosens', async () => {
    expect(await publish(await withFile('d.cedar', forbid('d')))).toBeNull()
    const tight = await present()
    expect(tight.authorOf('d')).toBe('service:deployment')
    expect(inForce).toEqual(['acme'])
    const loose = await withFile('d.cedar', permit('e'))
    expect(await publish(loose)).toBeNull()
    expect(await publish(loose)).toBeNull()
    const [change] = told
    expect(told).toEqual([change, change])
    expect(inForce).toEqual(['acme'])
    expect((await present()).digest).toBe(tight.digest)
    await agree(change as string, desk.tokens.ann)
    expect((await agree(change as string, desk.tokens.bob)).body.state).toBe('agreed')
  })

  test('is not said again: neither what people objected to, nor over what they decided since', async () => {
    const loose = await withFile('f.cedar', permit('f'))
    await publish(loose)
    await agree(told.at(-1) as string, desk.tokens.ann, 'object')
    const count = told.length
    expect(await publish(loose)).toBeNull()
    expect(told).toHaveLength(count)

    const said = await withFile('g.cedar', forbid('g'))
    await publish(said)
    await propose(await withFile('h.cedar', forbid('h')))
    const { digest } = await present()
    expect(await publish(said)).toBeNull()
    expect((await present()).digest).toBe(digest)
  })

  test('is in force at once where nobody has to agree', async () => {
    const loose = await withFile('i.cedar', permit('i'))
    await publish(loose, 0)
    expect(await present()).toMatchObject({ policies: loose, author: 'service:deployment', agreed_by: [] })
  })

  test('is left alone if it is not valid', async () => {
    const { digest } = await present()
    expect(await publish({ 'a.cedar': 'permit' })).toMatch(/^EXQ-3002 /)
    expect((await present()).digest).toBe(digest)
  })
})
