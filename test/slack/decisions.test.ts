import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { unlinkAccount } from '../../src/control-plane/accounts.js'
import { changeMembership } from '../../src/control-plane/memberships.js'
import { cancellation } from '../surfaces/http-desk.js'
import { openSlackDesk, type SlackDesk, textIn, until } from './slack-desk.js'

let desk: SlackDesk

beforeAll(async () => {
  desk = await openSlackDesk()
  await desk.link('bob', 'UBOB')
  await desk.link('ann', 'UANN')
  await desk.link('eve', 'UEVE')
})

afterAll(() => desk.close())

/** Asks, and tells bob; resolves to his message too. */
async function askBob(request_id: string, ttlMs?: number) {
  const asked = await desk.ask(request_id, ttlMs)
  await desk.deliver(asked, 'person:bob')
  return { ...asked, message: await desk.newest('UBOB') }
}

const withdraw = async (approval: string) => {
  const token = desk.http.tokens.bob
  const { envelope_digest } = (await desk.http.call('GET', `/v1/approvals/${approval}`, { token })).body
  const body = { vote: 'withdraw', envelope_digest }
  expect((await desk.http.call('POST', `/v1/approvals/${approval}/votes`, { token, body })).status).toBe(200)
}

const refusals = async () => (await desk.http.refusals()).map(({ principal, code }) => `${principal} ${code}`)

describe('a decision in Slack', () => {
  test('is a vote of the person whom the Slack user is linked to, and the message shows it', async () => {
    const { approval, message } = await askBob('s-1')
    expect(textIn(message)).toContain('Approval needed: Subscription sub_1')
    const [delivered] = await desk.click('UBOB', message, 'approve')
    expect(delivered).toMatchObject({ delivered: true })
    await until(async () => (await desk.votes(approval)).length > 0)
    expect(await desk.votes(approval)).toMatchObject([
      { approver: 'person:bob', vote: 'approve', method: 'slack', counts: true },
    ])
    await until(async () => textIn(await desk.newest('UBOB')).includes('by person:bob (slack)'))
  })

  test('is asked about again, with amount and target, before it is made', async () => {
    const { message } = await askBob('s-confirm')
    const button = message.blocks
      .flatMap(({ elements = [] }) => elements)
      .find(({ action_id }) => action_id === 'exequatur-approve')
    expect(textIn(button)).toContain('Approve Subscription sub_1?')
  })

  test('is made once, whatever is clicked, sent or sent again twice', async () => {
    const { approval, message } = await askBob('s-2')
    const [first] = await desk.click('UBOB', message, 'approve', { times: 3 })
    await desk.act('replay', { envelope_id: first?.envelope_id })
    await until(async () => (await desk.votes(approval)).length > 0)
    await desk.click('UBOB', message, 'approve')
    await new Promise((done) => setTimeout(done, 500))
    expect(await desk.votes(approval)).toHaveLength(1)
  })

  test('that was withdrawn stays so, however late Slack tells of its click again; a further click is a further vote', async () => {
    const { approval, message } = await askBob('s-again')
    const [first] = await desk.click('UBOB', message, 'approve')
    await until(async () => (await desk.votes(approval)).length === 1)
    await withdraw(approval)
    await desk.act('replay', { envelope_id: first?.envelope_id })
    await new Promise((done) => setTimeout(done, 1_000))
    expect((await desk.votes(approval)).map(({ vote }) => vote)).toEqual(['approve', 'withdraw'])
    expect(await desk.said('UBOB')).toEqual([])
    await desk.click('UBOB', message, 'approve')
    await until(async () => (await desk.votes(approval)).length === 3)
    expect((await desk.votes(approval)).filter(({ counts }) => counts)).toMatchObject([{ vote: 'approve' }])
  })

  test('to reject says what is rejected, and takes a reason', async () => {
    const { approval, message } = await askBob('s-3')
    await desk.click('UBOB', message, 'reject')
    await until(async () => textIn(await desk.views('UBOB')).includes('A rejection is final.'))
    const [view] = await desk.views('UBOB')
    expect(textIn(view)).toContain('Reject Subscription sub_1?')
    const submit = (text: string) => desk.act('submit', { user: 'UBOB', view: view?.id, values: { reason: { text } } })
    expect((await submit('  '))[0]?.payload).toMatchObject({ response_action: 'errors' })
    expect(await desk.votes(approval)).toEqual([])
    await submit('The customer wants to stay.')
    await until(async () => (await desk.votes(approval)).length > 0)
    expect(await desk.votes(approval)).toMatchObject([{ vote: 'reject', reason: 'The customer wants to stay.' }])
    await until(async () => textIn(await desk.views('UBOB')).includes('Your rejection is recorded.'))
    await until(async () => textIn(await desk.newest('UBOB')).includes('Rejected: Subscription sub_1'))
    expect(textIn(await desk.newest('UBOB'))).toContain('The customer wants to stay.')
    expect(JSON.stringify(await desk.newest('UBOB'))).not.toContain('exequatur-approve')
  })

  test('to reject shows what an agent wrote as it is, and nothing of it acts', async () => {
    const hostile = '<!channel> *sub* <http://evil.example|1> \u202e:bomb:'
    const { body } = await desk.http.submit({ ...cancellation('s-hostile'), args: { subscription_id: hostile } })
    const approval = await desk.http.askPeople(body)
    await desk.deliver({ action: body.id, approval }, 'person:bob')
    await desk.click('UBOB', await desk.newest('UBOB'), 'reject')
    await until(async () => textIn((await desk.views('UBOB')).at(-1)).includes('A rejection is final.'))
    const view = (await desk.views('UBOB')).at(-1)
    expect(textIn(view)).toContain('<!channel> *sub* <http://evil.example|1>')
    expect(JSON.stringify(view)).not.toMatch(/mrkdwn|"emoji":true|"type":"(link|user|broadcast|emoji)"|\u202e/)
  })

  test('can be looked into first: everything, in a modal, from where it can be approved too', async () => {
    const { approval, message } = await askBob('s-4')
    const before = (await desk.views('UBOB')).length
    await desk.click('UBOB', message, 'details')
    await until(async () => textIn(await desk.views('UBOB')).includes('If approved'))
    const view = (await desk.views('UBOB')).at(-1)
    expect((await desk.views('UBOB')).length).toBe(before + 1)
    for (const part of ['subscription_id', 'sub_1', 'for s-4', approval, 'sha256:'])
      expect(textIn(view)).toContain(part)
    await desk.act('click', { user: 'UBOB', view: view?.id, action_id: 'exequatur-approve' })
    await until(async () => (await desk.votes(approval)).length > 0)
    await until(async () => textIn(await desk.views('UBOB')).includes('Your approval is recorded.'))
  })
})

describe('nobody decides by a click who may not decide', () => {
  test.each([
    ['somebody who is not asked', 'UEVE', 'EXQ-4003', 'person:eve'],
    ['the owner of the agent', 'UANN', 'EXQ-4003', 'person:ann'],
    ['somebody whom nobody knows', 'UZED', 'EXQ-5045', `oidc:slack:T0DESK#UZED`],
    ['a guest', 'UGUS', 'EXQ-5046', 'oidc:slack:T0DESK#UGUS'],
    ['somebody of another workspace', 'USLY', 'EXQ-5046', 'oidc:slack:T9OTHER#USLY'],
  ])('%s', async (_, user, code, principal) => {
    const { approval, message } = await askBob(`not-${user}`)
    await desk.click(user, message, 'approve')
    await until(async () => (await desk.said(user)).some((text) => text.includes(code)))
    expect(await refusals()).toContain(`${principal} ${code}`)
    expect(await desk.votes(approval)).toEqual([])
    expect(await desk.said('UBOB')).toEqual([])
  })

  test('somebody who was put out of the group a second ago', async () => {
    const { approval, message } = await askBob('not-any-more')
    const finance = { tenant: 'acme', group: 'finance', principal: 'person:bob', by: 'test' }
    await changeMembership(desk.http.plane, { ...finance, state: 'removed' })
    const [refused] = await desk.click('UBOB', message, 'approve')
    await until(async () => (await desk.said('UBOB')).some((text) => text.includes('EXQ-4003')))
    await changeMembership(desk.http.plane, { ...finance, state: 'member' })
    // What was refused stays so, where Slack tells of it again once it would be taken.
    await desk.act('replay', { envelope_id: refused?.envelope_id })
    await new Promise((done) => setTimeout(done, 1_000))
    expect(await desk.votes(approval)).toEqual([])
  })

  test('somebody who was deactivated in Slack a second ago, or unlinked', async () => {
    const { approval, message } = await askBob('gone')
    await desk.workspace.control('POST', '/_user', { id: 'UBOB', deleted: true })
    await desk.click('UBOB', message, 'approve')
    await until(async () => (await desk.said('UBOB')).some((text) => text.includes('EXQ-5046')))
    await desk.workspace.control('POST', '/_user', { id: 'UBOB', deleted: false })
    const account = { tenant: 'acme', principal: 'person:bob', issuer: 'slack:T0DESK', subject: 'UBOB', by: 'test' }
    await unlinkAccount(desk.http.plane, account)
    await desk.click('UBOB', message, 'approve')
    await until(async () => (await desk.said('UBOB')).some((text) => text.includes('EXQ-5045')))
    await desk.link('bob', 'UBOB')
    expect(await desk.votes(approval)).toEqual([])
  })

  test('anybody, while Slack cannot be asked who they are', async () => {
    const { approval, message } = await askBob('mute')
    await desk.workspace.plan({ match: 'POST /api/users.info', mode: 'unavailable' })
    await desk.click('UBOB', message, 'approve')
    await until(async () => (await desk.said('UBOB')).some((text) => text.includes('EXQ-5047')))
    await desk.workspace.clearFaults()
    expect(await desk.votes(approval)).toEqual([])
  })

  test('with a forged or foreign request or digest in the button', async () => {
    const { approval, message } = await askBob('forged')
    const other = await askBob('forged-2')
    const value = (of: typeof message) =>
      of.blocks.flatMap(({ elements = [] }) => elements).find(({ action_id }) => action_id === 'exequatur-approve')
        ?.value ?? ''
    const [id, envelope, rendering] = JSON.parse(value(message)) as string[]
    const [otherId] = JSON.parse(value(other.message)) as string[]
    const before = (await refusals()).filter((each) => each === 'person:bob EXQ-5049').length
    const forged = [
      ['apr_2b7q3m5x6z4n2b7q3m5x6z4n2b', envelope, rendering],
      [otherId, envelope, rendering],
      [id, envelope, 'sha256:0'],
      [id, 'sha256:0', rendering],
    ]
    for (const each of forged) await desk.click('UBOB', message, 'approve', { value: JSON.stringify(each) })
    await desk.click('UBOB', message, 'approve', { value: 'approve everything' })
    await until(async () => (await refusals()).filter((each) => each === 'person:bob EXQ-5049').length === before + 5)
    await until(async () => (await desk.said('UBOB')).filter((text) => text.includes('EXQ-5049')).length >= 5)
    expect(await desk.votes(approval)).toEqual([])
    expect(await desk.votes(other.approval)).toEqual([])
  })

  test('once it has expired', async () => {
    const { approval, action, message } = await askBob('late')
    await desk.http.end(action, 'expired', 'EXQ-4006 nobody decided in time')
    await desk.click('UBOB', message, 'approve', { blocks: message.blocks })
    await until(async () => (await desk.said('UBOB')).some((text) => text.includes('EXQ-4002')))
    await until(async () => textIn(await desk.newest('UBOB')).includes('Expired: Subscription sub_1'))
    expect(await desk.votes(approval)).toEqual([])
  })
})
