import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { giveSlackCode } from '../../src/control-plane/slack/link-slack.js'
import { newKey, registrationOf } from '../_util/person-key.js'
import { addDevice } from './authenticator.js'
import { browserHookMs } from './browser.js'
import { type InboxDesk, openInboxDesk } from './inbox-desk.js'

let desk: InboxDesk
beforeAll(async () => {
  desk = await openInboxDesk()
}, browserHookMs)
afterAll(() => desk.close())
afterEach(() => desk.closePages())

const newLink = async (token = desk.tokens.bob) =>
  (await desk.call('POST', '/v1/sign-in-links', { token, body: {} })).body.url as string
const slackCode = async (user: string) =>
  (await giveSlackCode(desk.plane, { tenant: 'acme', team: 'T0DESK', user }, 'bob.smith')).code

describe('a link that signs in', () => {
  test('signs in nobody by being opened, one person by the button, and nobody a second time', async () => {
    const link = await newLink()
    const page = await desk.openPage(link)
    await page.getByRole('button', { name: 'Sign in' }).waitFor()
    expect((await page.context().cookies()).map(({ name }) => name)).toEqual([])
    // Opened once more, as by a preview: that used nothing up.
    await (await desk.openPage(link)).getByRole('button', { name: 'Sign in' }).waitFor()
    await page.getByRole('button', { name: 'Sign in' }).click()
    await page.getByText('bob in acme').waitFor()
    expect(await page.context().cookies()).toMatchObject([{ name: 'exq_sign_in', httpOnly: true, sameSite: 'Strict' }])
    const late = await desk.openPage(link)
    await late.getByRole('button', { name: 'Sign in' }).click()
    await late.getByRole('alert').filter({ hasText: 'EXQ-2033' }).waitFor()
    await late.getByRole('link', { name: 'Other ways to sign in' }).click()
    await late.getByText('exq inbox --open').waitFor()
  })

  test('opened by somebody who is signed in leaves its code in no address', async () => {
    const page = await desk.openAs(desk.tokens.bob)
    await page.goto(await newLink(desk.tokens.ann))
    await page.getByRole('heading', { name: 'You are signed in as bob' }).waitFor()
    expect(new URL(page.url()).hash).toBe('')
  })
})

describe('a link from Slack', () => {
  test('says which Slack user it is about, and makes them who is signed in, by the button', async () => {
    const page = await desk.openAs(desk.tokens.bob)
    await page.goto(`/inbox/link-slack#${await slackCode('UBOB')}`)
    await page.getByText('Is the Slack user bob.smith (UBOB in T0DESK) you, bob?').waitFor()
    expect(new URL(page.url()).hash).toBe('')
    await page.getByRole('button', { name: 'Yes, link it' }).click()
    await page.getByText('Linked. What you decide in Slack is now decided by bob.').waitFor()
  })

  test('is confirmed with the passkey where somebody has one: what is signed in alone links nobody', async () => {
    const dan = await desk.person('dan', 'finance')
    const page = await desk.openAs(dan, '/inbox/passkeys')
    await addDevice(page)
    await page.getByRole('button', { name: 'Set up a passkey' }).click()
    await page.getByText(/^registered/).waitFor()
    for (const user of ['UDAN', 'UDANTOO']) {
      const code = await slackCode(user)
      const body = { code }
      expect(await desk.call('POST', '/v1/slack-links', { token: dan, body })).toMatchObject({
        status: 403,
        body: { code: 'EXQ-5044' },
      })
      await page.goto('/inbox')
      await page.goto(`/inbox/link-slack#${code}`)
      await page.getByText(`(${user} in T0DESK)`).waitFor()
      await page.getByRole('button', { name: 'Yes, link it' }).click()
      await page.getByText('Linked. What you decide in Slack is now decided by dan.').waitFor()
    }
    await page.getByText('UDAN, which was dan until now, is nobody any more.').waitFor()
  })

  test('is confirmed on the command line by somebody who has a key there only', async () => {
    const eli = await desk.person('eli', 'finance')
    const body = registrationOf(newKey(), 'acme', 'person:eli')
    expect((await desk.call('POST', '/v1/keys', { token: eli, body })).status).toBe(200)
    const page = await desk.openAs(eli)
    const code = await slackCode('UELI')
    await page.goto(`/inbox/link-slack#${code}`)
    await page.getByRole('button', { name: 'Yes, link it' }).click()
    await page.getByText(`exq slack link ${code}`).waitFor()
    const { rows } = await desk.plane.pool.of('acme').query("select from accounts where subject = 'UELI'")
    expect(rows).toEqual([])
  })

  test('waits while somebody signs in', async () => {
    const page = await desk.openPage(`/inbox/link-slack#${await slackCode('UANN')}`)
    await page.getByRole('heading', { name: 'Sign in' }).waitFor()
    await page.goto(await newLink(desk.tokens.ann))
    await page.getByRole('button', { name: 'Sign in' }).click()
    await page.getByText('ann in acme').waitFor()
    await page.goto('/inbox/link-slack')
    await page.getByText('(UANN in T0DESK)').waitFor()
  })

  test('that is not good any more says so, and offers nothing', async () => {
    const page = await desk.openAs(desk.tokens.bob)
    await page.goto('/inbox/link-slack#exqs_none')
    await page.getByRole('alert').filter({ hasText: 'EXQ-5048' }).waitFor()
    expect(await page.getByRole('button', { name: 'Yes, link it' }).count()).toBe(0)
  })
})
