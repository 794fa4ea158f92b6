import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { signByServer } from '../../src/control-plane/sign-vote.js'
import { castVote } from '../../src/ledger/queries/cast-vote.js'
import { drawn } from '../_util/drawn.js'
import { cancellation, type HttpDesk, openHttpDesk } from './http-desk.js'

let desk: HttpDesk
beforeAll(async () => {
  desk = await openHttpDesk()
})
afterAll(() => desk.close())

// The last letter is a Cyrillic one, and a zero-width space follows.
const odd = (request_id: string) => `${request_id}_а\u200b`
const names = [
  'confusable /steps/0/args/subscription_id',
  'confusable /steps/0/resource',
  'invisible /steps/0/args/subscription_id',
  'invisible /steps/0/resource',
]

async function ask(request_id: string, subscription_id = odd(request_id)) {
  const action = (await desk.submit({ ...cancellation(request_id), args: { subscription_id } })).body.id as string
  const id = await desk.askPeople({ id: action })
  const { body } = await desk.call('GET', `/v1/approvals/${id}`, { token: desk.tokens.bob })
  return { id, action, view: body }
}

const vote = ({ id, view }: { id: string; view: { envelope_digest: string } }, body: object) =>
  desk.call('POST', `/v1/approvals/${id}/votes`, {
    token: desk.tokens.bob,
    body: { vote: 'approve', envelope_digest: view.envelope_digest, ...body },
  })

describe('a request with flags', () => {
  test('shows them by name, and what to type', async () => {
    const { id, view } = await ask('shown')
    expect(view.flags.map(({ name }: { name: string }) => name).sort()).toEqual(names)
    expect(drawn(view.rendering)).toMatch(/^LOOK CLOSELY/)
    expect(view.target).toBe(id)
    expect((await ask('plain', 'sub_0')).view).toMatchObject({ flags: [], target: 'sub_0' })
  })

  test('can be read whole where something is cut, by people only, and is voted on as it was sealed', async () => {
    const long = `${'x'.repeat(700)} in the middle ${'x'.repeat(700)}`
    const asked = await ask('whole', long)
    const whole = (token: string) => desk.call('GET', `/v1/approvals/${asked.id}/whole`, { token })
    const { status, body } = await whole(desk.tokens.bob)
    expect({ status, keys: Object.keys(body) }).toEqual({ status: 200, keys: ['id', 'envelope_digest', 'rendering'] })
    expect(body).toMatchObject({ id: asked.id, envelope_digest: asked.view.envelope_digest })
    expect(asked.view.rendering).not.toContain('in the middle')
    expect(drawn(body.rendering)).toContain(`subscription_id = "${long}"`)
    expect((await whole(desk.tokens.desk)).body.code).toBe('EXQ-2002')
  })

  test.each([
    ['none', []],
    ['some', names.slice(1)],
    ['more', [...names, 'cut /explanation']],
    ['others', names.map((name) => name.replace('confusable', 'bidi'))],
  ])('is not approved by naming %s of them', async (what, acknowledged) => {
    const asked = await ask(`named-${what}`)
    const { status, body } = await vote(asked, { acknowledged })
    expect({ status, code: body.code }).toEqual({ status: 409, code: 'EXQ-4040' })
    expect(body.errors).toHaveLength(4)
    expect((await desk.readApproval({ id: asked.action }, 1)).votes).toEqual([])
  })

  test('is approved by naming all of them', async () => {
    const asked = await ask('named')
    expect((await vote(asked, { acknowledged: [...names].reverse() })).status).toBe(200)
    expect((await desk.readApproval({ id: asked.action }, 1)).state).toBe('approved')
  })

  test('is rejected without any', async () => {
    const asked = await ask('rejected')
    expect((await vote(asked, { vote: 'reject', reason: 'a trap' })).status).toBe(200)
    expect((await desk.readApproval({ id: asked.action }, 1)).state).toBe('rejected')
  })

  test.each([
    ['does not count', [], 'waiting'],
    ['counts where they are named', names, 'approved'],
  ])('has a vote that came past the door, signed by the server: it %s', async (what, acknowledged, state) => {
    const asked = await ask(`past-${what.replaceAll(' ', '-')}`)
    const { envelope_digest, rendering_digest } = asked.view
    const authority = await desk.plane.authorities.current('acme')
    const [credential] = authority?.credentialsOf('person:bob') ?? []
    const statement = signByServer(desk.plane, {
      tenant: 'acme',
      approval_id: asked.id,
      envelope_digest,
      rendering_digest,
      approver: 'person:bob',
      account: `token:${credential?.credential_id}`,
      revision: 1,
      vote: 'approve',
      reason: '',
      method: 'http',
      acknowledged,
      self_approved: false,
      at: '2026-11-21T10:00:00.000Z',
    })
    const ref = { tenant: 'acme', action_id: asked.action }
    expect(await castVote(desk.plane.pool, ref, statement, authority?.revision ?? 0)).toBe('cast')
    expect((await desk.readApproval({ id: asked.action }, 1)).state).toBe(state)
  })
})

test('a request without flags is approved as it is, and by naming none that are not there', async () => {
  expect((await vote(await ask('plain-1', 'sub_1'), {})).status).toBe(200)
  expect((await vote(await ask('plain-2', 'sub_2'), { acknowledged: names })).body.code).toBe('EXQ-4040')
})
