import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { connect } from '../../examples/refund-desk/demo/desk-client.js'
import type { ApprovalView } from '../../src/control-plane/approval-view.js'
import type { Me } from '../../src/control-plane/sign-in/read-me.js'
import { canonical } from '../../src/digest.js'
import { type Authenticator, newAuthenticator } from '../_util/authenticator.js'
import { type Action, openTestDesk, type TestDesk, until } from '../_util/desk.js'

describe('people at the inbox, on the real stack', () => {
  let desk: TestDesk
  beforeAll(async () => {
    desk = await openTestDesk('inbox')
  })
  afterAll(() => desk?.close())

  /** What a page of the inbox does for somebody who opened their link. */
  async function signIn(name: string) {
    const { body } = await desk.person(name).post<{ url: string }>('/v1/sign-in-links', {})
    const { origin, hash } = new URL(body.url)
    const call = async <Body>(method: 'GET' | 'POST', path: string, sent?: unknown, headers: object = {}) => {
      const answer = await fetch(`${origin}${path}`, {
        method,
        headers: { origin, 'content-type': 'application/json', ...headers },
        ...(sent !== undefined && { body: JSON.stringify(sent) }),
      })
      return { status: answer.status, headers: answer.headers, body: (await answer.json()) as Body }
    }
    const opened = await call('POST', '/inbox/sign-in/link', { code: hash.slice(1) })
    const cookie = opened.headers.getSetCookie()[0]?.split(';')[0]
    const { body: me } = await call<Me>('GET', '/v1/me', undefined, { cookie })
    const own = { cookie, 'x-exequatur-csrf': me.csrf }
    return {
      me,
      origin,
      get: async <Body>(path: string) => (await call<Body>('GET', path, undefined, own)).body,
      post: <Body>(path: string, sent: unknown) => call<Body>('POST', path, sent, own),
    }
  }
  type Page = Awaited<ReturnType<typeof signIn>>

  async function setUpPasskey(page: Page): Promise<Authenticator> {
    const key = newAuthenticator(page.origin)
    const { body: options } = await page.post<{ challenge: string }>('/v1/passkeys/options', {})
    const { status } = await page.post('/v1/passkeys', { response: key.create(options) })
    expect(status).toBe(200)
    return key
  }

  async function approve(page: Page, key: Authenticator, approval: string) {
    const shown = await page.get<ApprovalView>(`/v1/approvals/${approval}`)
    const { tenant, principal: approver, account } = page.me
    const statement = canonical({
      tenant,
      approval_id: shown.id,
      envelope_digest: shown.envelope_digest,
      rendering_digest: shown.rendering_digest,
      approver,
      account,
      ...shown.your_vote,
      vote: 'approve',
      reason: 'looked at it',
      method: 'passkey',
      acknowledged: [],
      at: new Date().toISOString(),
    })
    return page.post(`/v1/approvals/${approval}/votes`, {
      statement,
      key_id: key.key_id,
      assertion: key.assert(statement),
    })
  }

  test('two who sign with passkeys let something critical be done, and its executor has seen that they did', async () => {
    const bot = connect(desk.dev, desk.dev.tokens.agents.privacy_officer_bot ?? '')
    const { body: asked } = await bot.ask('delete_customer', { customer_id: 'cus_1' }, 1)
    let approval = ''
    await until('approval is asked for', async () => {
      approval = (await bot.get<Action>(`/v1/actions/${asked.id}`)).body.approval?.id ?? ''
      return approval !== ''
    })
    const [ann, omar] = [await signIn('ann'), await signIn('omar')]
    const [anns, omars] = [await setUpPasskey(ann), await setUpPasskey(omar)]
    expect(await ann.get<ApprovalView>(`/v1/approvals/${approval}`)).toMatchObject({
      method_needed: 'key',
      approve_by: { inbox: false },
    })
    expect((await approve(ann, anns, approval)).status).toBe(200)
    expect((await approve(omar, omars, approval)).status).toBe(200)
    expect((await bot.ended(asked.id)).outcome).toBe('succeeded')
    const votes = await desk.rows('select approver, method from votes where approval_id = $1 order by approver', [
      approval,
    ])
    expect(votes).toEqual([
      { approver: 'person:ann', method: 'passkey' },
      { approver: 'person:omar', method: 'passkey' },
    ])
    const decided = await ann.get<{ items: readonly ApprovalView[] }>('/v1/decisions')
    expect(decided.items.map(({ id, state }) => [id, state])).toEqual([[approval, 'approved']])
  })
})
