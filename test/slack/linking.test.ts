import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { authenticate } from '../../src/control-plane/authenticate.js'
import { rotateToken } from '../../src/control-plane/principal-life.js'
import { createPrincipal } from '../../src/control-plane/principals.js'
import { linkSlack } from '../../src/control-plane/slack/link-slack.js'
import { slackUserOf } from '../../src/control-plane/slack/slack-user.js'
import { canonical } from '../../src/digest.js'
import type { SlackLinkEndorsement } from '../../src/domain/slack-link.js'
import { hashToken } from '../../src/identity/token.js'
import { recordSlackCode } from '../../src/ledger/queries/record-slack-code.js'
import { newKey, type PersonKey, registrationOf } from '../_util/person-key.js'
import { type Browser, fromInbox, signedInFor, signIn } from '../surfaces/http-inbox-desk.js'
import { openSlackDesk, type SlackDesk, textIn, until } from './slack-desk.js'

let desk: SlackDesk

beforeAll(async () => {
  desk = await openSlackDesk()
})

afterAll(() => desk.close())

const command = (user: string, text = '') => desk.act('command', { user, channel: 'C1', command: '/exequatur', text })
const codeFor = async (user: string) => {
  const before = (await desk.said(user)).length
  await command(user, 'link')
  await until(async () => (await desk.said(user)).length > before)
  return /exqs_[\w-]+/.exec((await desk.said(user)).at(-1) ?? '')?.[0] ?? ''
}
const confirm = (token: string | undefined, code: string, path = '', more: object = {}) =>
  desk.http.call('POST', `/v1/slack-links${path}`, { token, body: { code, ...more } })

describe('who somebody in Slack is', () => {
  test('is confirmed where they are signed in, after being shown who it is, once', async () => {
    const { tokens } = desk.http
    const code = await codeFor('UBOB')
    expect((await confirm(tokens.bob, code, '/look')).body).toEqual({ team: 'T0DESK', user: 'UBOB', name: 'bob' })
    expect((await confirm(tokens.bob, code)).body).toMatchObject({ user: 'UBOB', principal: 'person:bob' })
    expect((await confirm(tokens.eve, code)).body.code).toBe('EXQ-5048')
    expect((await confirm(tokens.eve, code, '/look')).body.code).toBe('EXQ-5048')
    const asked = await desk.ask('l-1')
    await desk.deliver(asked, 'person:bob')
    await desk.click('UBOB', await desk.newest('UBOB'), 'approve')
    await until(async () => (await desk.votes(asked.approval)).length === 1)
  })

  test('is not given away: the code is shown to the one who asked alone, and stored as a hash', async () => {
    const code = await codeFor('UEVE')
    const { rows } = await desk.http.plane.pool.of('acme').query('select * from slack_codes')
    expect(JSON.stringify(rows)).not.toContain(code)
    for (const user of ['UBOB', 'UANN']) expect((await desk.said(user)).join()).not.toContain(code)
    expect(JSON.stringify(await desk.messages(''))).not.toContain(code)
  })

  test('is nobody for an agent, another tenant, or with a code that is too old or made up', async () => {
    const { tokens, plane } = desk.http
    const code = await codeFor('UEVE')
    expect((await confirm(tokens.desk, code)).body.code).toBe('EXQ-2002')
    expect((await confirm(tokens.zoe, code)).body.code).toBe('EXQ-5048')
    expect((await confirm(tokens.eve, 'exqs_made_up')).body.code).toBe('EXQ-5048')
    const row = { code_hash: hashToken('exqs_old'), team: 'T0DESK', slack_user: 'UEVE', shown_name: null }
    await recordSlackCode(plane.pool, 'acme', row, -1)
    expect((await confirm(tokens.eve, 'exqs_old')).body.code).toBe('EXQ-5048')
  })

  test('is one person: nobody takes over a Slack user who is somebody', async () => {
    const code = await codeFor('UBOB')
    expect((await confirm(desk.http.tokens.eve, code)).body.code).toBe('EXQ-2019')
  })

  test('is said by nobody whose token was revoked in the meantime: the Slack user stays nobody', async () => {
    const { tokens, plane } = desk.http
    const code = await codeFor('UEVE')
    const caller = await authenticate(plane, tokens.eve, true)
    await rotateToken(plane, { tenant: 'acme', principal: 'person:eve', by: 'test' })
    await expect(linkSlack(plane, caller, { code })).rejects.toMatchObject({ code: 'EXQ-2001' })
    expect(await slackUserOf(plane, desk.options, 'person:eve')).toBeNull()
  })

  test('guests and strangers get no code', async () => {
    for (const user of ['UGUS', 'USLY']) {
      await command(user, 'link')
      await until(async () => (await desk.said(user)).some((text) => text.includes('EXQ-5046')))
      expect((await desk.said(user)).join()).not.toContain('exqs_')
    }
  })

  test('ends with /exequatur unlink: what was approved and is not used counts no more', async () => {
    const asked = await desk.ask('l-2')
    await desk.deliver(asked, 'person:bob')
    await desk.click('UBOB', await desk.newest('UBOB'), 'approve')
    await until(async () => (await desk.votes(asked.approval)).some(({ counts }) => counts))
    await command('UBOB', 'unlink')
    await until(async () => (await desk.votes(asked.approval)).every(({ counts }) => !counts))
    await command('UBOB')
    await until(async () => (await desk.said('UBOB')).some((text) => text.includes('EXQ-5045')))
  })
})

describe('somebody who has no key', () => {
  test('is linked with a sign-in of the last ten minutes, or with a token', async () => {
    const { http } = desk
    const lou = { tenant: 'acme', kind: 'person', name: 'lou', groups: ['finance'], by: 'test' } as const
    const { token } = await createPrincipal(http.plane, lou)
    const { cookie } = await signIn(http, token)
    const [old, young] = [await signedInFor(http, cookie, 11), await signedInFor(http, cookie, 9)]
    const code = await codeFor('UZED')
    const link = (browser: Browser) =>
      http.call('POST', '/v1/slack-links', { headers: fromInbox(browser), body: { code } })
    expect(await link(old)).toMatchObject({ status: 403, body: { code: 'EXQ-2036' } })
    expect(await slackUserOf(http.plane, desk.options, 'person:lou')).toBeNull()
    const refused = (await http.refusals()).filter((row) => row.code === 'EXQ-2036')
    expect(refused.map(({ principal }) => principal)).toEqual(['person:lou'])
    expect(await link(young)).toMatchObject({ status: 200, body: { user: 'UZED', principal: 'person:lou' } })
    expect((await confirm(token, await codeFor('UCAT'))).body).toMatchObject({ user: 'UCAT', unlinked: ['UZED'] })
    await command('UCAT', 'unlink')
    await until(async () => (await slackUserOf(http.plane, desk.options, 'person:lou')) === null)
  })
})

describe('somebody who has keys', () => {
  const signedBy = (key: PersonKey, changes: Partial<Record<keyof SlackLinkEndorsement, string>> = {}) => {
    const link = { purpose: 'link-slack', tenant: 'acme', principal: 'person:kim', team: 'T0DESK', user: 'UZED' }
    return { endorsement: { key_id: key.key_id, signature: key.sign(canonical({ ...link, ...changes })) } }
  }

  test('is linked only where one of them signs for it, for exactly that user, also once all are revoked', async () => {
    const { plane, call } = desk.http
    const kim = { tenant: 'acme', kind: 'person', name: 'kim', groups: ['finance'], by: 'test' } as const
    const { token } = await createPrincipal(plane, kim)
    const [own, strange] = [newKey(), newKey()]
    const post = (path: string, body: object) => call('POST', path, { token, body })
    expect((await post('/v1/keys', registrationOf(own, 'acme', 'person:kim'))).status).toBe(200)
    const code = await codeFor('UZED')
    const taken = [
      {},
      signedBy(strange),
      signedBy({ ...strange, key_id: own.key_id }),
      signedBy(own, { user: 'UCAT' }),
      signedBy(own, { team: 'T9OTHER' }),
      signedBy(own, { tenant: 'globex' }),
      signedBy(own, { principal: 'person:eve' }),
      signedBy(own, { purpose: 'endorse-key' }),
    ]
    for (const more of taken)
      expect(await confirm(token, code, '', more)).toMatchObject({ status: 403, body: { code: 'EXQ-5044' } })
    const refused = (await desk.http.refusals()).filter((row) => row.code === 'EXQ-5044')
    expect(refused.map(({ principal }) => principal)).toEqual(taken.map(() => 'person:kim'))
    expect(await slackUserOf(plane, desk.options, 'person:kim')).toBeNull()
    const linked = await confirm(token, code, '', signedBy(own))
    expect(linked).toMatchObject({ status: 200, body: { user: 'UZED', principal: 'person:kim', unlinked: [] } })
    const other = await confirm(token, await codeFor('UCAT'), '', signedBy(own, { user: 'UCAT' }))
    expect(other.body).toMatchObject({ user: 'UCAT', unlinked: ['UZED'] })
    await post(`/v1/keys/${own.key_id}/revoke`, {})
    for (const more of [{}, signedBy(own)])
      expect((await confirm(token, await codeFor('UZED'), '', more)).body.code).toBe('EXQ-5044')
    expect(await slackUserOf(plane, desk.options, 'person:kim')).toBe('UCAT')
  })
})

describe('/exequatur', () => {
  test('lists what waits for whoever asks, to them alone, with buttons that work', async () => {
    const code = await codeFor('UBOB')
    await confirm(desk.http.tokens.bob, code)
    const [first, second] = [await desk.ask('w-1'), await desk.ask('w-1b')]
    await command('UBOB')
    await until(async () => (await desk.said('UBOB')).some((text) => text.includes('for w-1')))
    const buttonsOf = ({ approval }: { approval: string }) => ({
      blocks: shown?.blocks.filter((block) => block.elements?.some(({ value }) => value?.includes(approval))),
    })
    const shown = (await desk.ephemerals('UBOB')).at(-1)
    await desk.click('UBOB', { channel: 'C1', ts: '1.000001' }, 'approve', buttonsOf(first))
    await until(async () => (await desk.votes(first.approval)).length === 1)
    // What is left is listed anew, in place of the list, below what came of the click.
    const newest = async () => (await desk.ephemerals('UBOB')).at(-1)
    await until(async () => textIn(await newest()).startsWith('Your approval is recorded.'))
    expect(await newest()).toMatchObject({ replaces: true })
    expect(textIn(await newest())).toContain('for w-1b')
    expect(JSON.stringify(await newest())).not.toContain(first.approval)
    await desk.click('UBOB', { channel: 'C1', ts: '1.000001' }, 'reject', buttonsOf(second))
    await until(async () => textIn(await desk.views('UBOB')).includes('A rejection is final.'))
    const view = (await desk.views('UBOB')).at(-1)
    await desk.act('submit', { user: 'UBOB', view: view?.id, values: { reason: { text: 'No.' } } })
    await until(async () => textIn(await newest()).startsWith('Your rejection is recorded.'))
    expect(await newest()).toMatchObject({ replaces: true })
    expect(textIn(await newest())).toContain('Nothing waits for you.')
    await until(async () => textIn(await desk.views('UBOB')).includes('Your rejection is recorded.'))
    expect((await desk.said('UEVE')).join()).not.toContain('for w-1')
  })

  test('says nothing untrue of a decision where Slack does not take the answer', async () => {
    await confirm(desk.http.tokens.bob, await codeFor('UBOB'))
    const asked = await desk.ask('w-2')
    await command('UBOB')
    await until(async () => (await desk.said('UBOB')).some((text) => text.includes('for w-2')))
    const shown = (await desk.ephemerals('UBOB')).findLast((each) => textIn(each).includes('for w-2'))
    const blocks = shown?.blocks.filter((block) => block.elements?.some(({ value }) => value?.includes(asked.approval)))
    const before = await desk.said('UBOB')
    await desk.workspace.plan({ match: 'POST /response/:id', mode: 'unavailable', times: 1 })
    await desk.click('UBOB', { channel: 'C1', ts: '1.000001' }, 'approve', { blocks })
    await until(async () => (await desk.votes(asked.approval)).length === 1)
    await until(async () => desk.logged.join('').includes('Slack did not take an answer'))
    await desk.workspace.clearFaults()
    expect(await desk.said('UBOB')).toEqual(before)
    expect(desk.logged.join('')).not.toMatch(/EXQ-9001|\/response\//)
  })
})

describe('e-mail addresses', () => {
  test('make somebody a person only where the configuration names them, and Slack confirmed them', async () => {
    const own = await openSlackDesk({
      slack: {
        personByEmail: new Map([
          ['bob@example.com', 'person:bob'],
          ['cat@example.com', 'person:eve'],
        ]),
      },
    })
    const first = await own.ask('e-1')
    await own.deliver(first, 'person:bob')
    await own.click('UBOB', await own.newest('UBOB'), 'approve')
    await until(async () => (await own.votes(first.approval)).length === 1)
    await expect(own.deliver(first, 'person:eve')).rejects.toMatchObject({ final: true })
    await own.act('command', { user: 'UCAT', channel: 'C1', command: '/exequatur', text: '' })
    await until(async () => (await own.said('UCAT')).some((text) => text.includes('EXQ-5045')))
    await own.act('command', { user: 'UBOB', channel: 'C1', command: '/exequatur', text: 'unlink' })
    await until(async () => (await own.said('UBOB')).some((text) => text.includes('linked to nobody')))
    await own.act('command', { user: 'UBOB', channel: 'C1', command: '/exequatur', text: '' })
    await until(async () => (await own.said('UBOB')).some((text) => text.includes('EXQ-5045')))
    await own.close()
  })
})
