import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { exq } from '../surfaces/cli-run.js'
import { signedInFor } from '../surfaces/http-inbox-desk.js'
import { addDevice } from './authenticator.js'
import { browserHookMs } from './browser.js'
import { type InboxDesk, openInboxDesk } from './inbox-desk.js'

let desk: InboxDesk
beforeAll(async () => {
  desk = await openInboxDesk()
}, browserHookMs)
afterAll(() => desk.close())

const look = async (approval: string) =>
  (await desk.call('GET', `/v1/approvals/${approval}`, { token: desk.tokens.bob })).body
const askForHigh = (name: string) =>
  desk.askFor(name, { tool: 'cancel_subscription', args: { subscription_id: `sub_${name}` } })

describe('an approval of high risk', () => {
  test('is signed by a passkey, which is set up where there is none; what is signed are the bytes that were drawn', async () => {
    const [first, second] = [await askForHigh('first'), await askForHigh('second')]
    const page = await desk.openAs(desk.tokens.bob, `/inbox/approvals/${first.approval}`)
    await addDevice(page)
    await page.getByRole('button', { name: /^Approve …/ }).click()
    const dialog = page.getByRole('dialog')
    const sign = dialog.getByRole('button', { name: 'Sign and approve' })
    expect(await sign.isDisabled()).toBe(true)
    await dialog.getByRole('button', { name: 'Set up a passkey' }).click()
    await expect.poll(() => sign.isEnabled(), { timeout: 20_000 }).toBe(true)
    // Whoever uses the keyboard goes on with Enter.
    await expect.poll(() => page.evaluate('document.activeElement.textContent')).toBe('Sign and approve')
    expect((await look(first.approval)).votes).toEqual([])
    await page.keyboard.press('Enter')
    await page.getByText('You approved this with a passkey.').waitFor()
    expect((await look(first.approval)).votes).toMatchObject([{ vote: 'approve', method: 'passkey', counts: true }])
    await page.goto(`/inbox/approvals/${second.approval}`)
    await page.getByRole('button', { name: /^Approve …/ }).click()
    await sign.click()
    await page.getByText('You approved this with a passkey.').waitFor()
    const { body } = await desk.call('GET', '/v1/keys', { token: desk.tokens.bob })
    expect(body.items).toMatchObject([{ kind: 'passkey', origin: desk.url }])
    await page.context().close()
  })

  test('is signed by the clock of the server, however wrong that of the device is', async () => {
    const { approval } = await askForHigh('clock')
    const hal = await desk.person('hal', 'finance')
    const page = await desk.openAs(hal)
    await addDevice(page)
    // By it the request has expired long ago.
    await page.addInitScript('{ const now = Date.now; Date.now = () => now() + 7_200_000 }')
    await page.goto(`/inbox/approvals/${approval}`)
    await page.getByRole('button', { name: /^Approve …/ }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByRole('button', { name: 'Set up a passkey' }).click()
    const sign = dialog.getByRole('button', { name: 'Sign and approve' })
    await expect.poll(() => sign.isEnabled(), { timeout: 20_000 }).toBe(true)
    const left = await page.locator('.head time').textContent()
    await expect.poll(() => page.locator('.head time').textContent(), { timeout: 20_000 }).not.toBe(left)
    await sign.click()
    await page.getByText('You approved this with a passkey.').waitFor()
    expect((await look(approval)).votes).toMatchObject([{ approver: 'person:hal', method: 'passkey' }])
    await page.context().close()
  })

  test('that the page was shown otherwise than it is sealed is not taken', async () => {
    const { approval } = await askForHigh('forged')
    const cat = await desk.person('cat', 'finance')
    const page = await desk.openAs(cat)
    await addDevice(page)
    // Somebody in between shows another amount, and leaves everything else as it is.
    await page.route(`**/v1/approvals/${approval}`, async (route) => {
      const answer = await route.fetch()
      const body = await answer.json()
      await route.fulfill({
        response: answer,
        json: { ...body, rendering: body.rendering.replace('sub_forged', 'sub_harmless') },
      })
    })
    await page.goto(`/inbox/approvals/${approval}`)
    await page.getByRole('heading', { level: 1 }).filter({ hasText: 'sub_harmless' }).waitFor()
    await page.getByRole('button', { name: /^Approve …/ }).click()
    await page.getByRole('button', { name: 'Set up a passkey' }).click()
    const sign = page.getByRole('button', { name: 'Sign and approve' })
    await expect.poll(() => sign.isEnabled(), { timeout: 20_000 }).toBe(true)
    await sign.click()
    await page.getByRole('alert').filter({ hasText: 'EXQ-4012' }).waitFor()
    expect((await look(approval)).votes).toEqual([])
    await page.unrouteAll({ behavior: 'wait' })
    await page.context().close()
  })
})

test('the first passkey takes a fresh sign-in: an older one is told to sign in again, and no device is asked', async () => {
  const gil = await desk.person('gil', 'finance')
  const page = await desk.openAs(gil)
  const device = await addDevice(page)
  // Whoever asked it would wait.
  await device.attend(false)
  const context = page.context()
  const [cookie] = await context.cookies()
  const old = await signedInFor(desk, `${cookie?.name}=${cookie?.value}`, 11)
  await context.addCookies([{ name: 'exq_sign_in', value: old.cookie.split('=')[1] as string, url: desk.url }])
  await page.goto('/inbox/passkeys')
  await page.getByRole('button', { name: 'Set up a passkey' }).click()
  const alert = page.getByRole('alert').filter({ hasText: 'EXQ-2036' })
  await alert.filter({ hasText: 'Sign out and in again at the inbox, then do this within ten minutes.' }).waitFor()
  const { body } = await desk.call('GET', '/v1/keys', { token: gil })
  expect(body.items).toEqual([])
  await context.close()
})

describe('a further passkey', () => {
  test('is endorsed by one that somebody has, on another device', async () => {
    const dan = await desk.person('dan', 'finance')
    const page = await desk.openAs(dan)
    const first = await addDevice(page)
    // Between making the new one and signing for it, the person turns to the other device.
    let turn = async () => {}
    await page.exposeFunction('turnToTheOther', () => turn())
    await page.addInitScript(`{
      const get = navigator.credentials.get.bind(navigator.credentials)
      navigator.credentials.get = async (options) => (await turnToTheOther(), get(options))
    }`)
    await page.goto('/inbox/passkeys')
    await page.getByText('You have no passkey yet.').waitFor()
    await page.getByRole('button', { name: 'Set up a passkey' }).click()
    const registered = page.getByText(/^registered/)
    await expect.poll(() => registered.count(), { timeout: 20_000 }).toBe(1)
    await first.attend(false)
    const second = await addDevice(page, 'usb')
    turn = async () => {
      await second.attend(false)
      await first.attend(true)
    }
    await page.getByRole('button', { name: 'Set up a passkey' }).click()
    await expect.poll(() => registered.count(), { timeout: 20_000 }).toBe(2)
    await page.context().close()
  })

  test('is endorsed by the key of the command line, where that is the only one somebody has', async () => {
    const fin = await desk.person('fin', 'finance')
    const home = mkdtempSync(join(tmpdir(), 'exequatur-keys-'))
    const run = (...args: string[]) => exq(args, { env: { EXEQUATUR_API: desk.url, EXEQUATUR_TOKEN: fin, HOME: home } })
    expect((await run('key', 'create')).code).toBe(0)
    const page = await desk.openAs(fin, '/inbox/passkeys')
    await addDevice(page)
    await page.getByRole('button', { name: 'Set up a passkey' }).click()
    const line = (await page.getByText(/^exq key endorse /).textContent()) ?? ''
    const field = page.getByLabel('What it prints')
    const register = page.getByRole('button', { name: 'Register the passkey' })
    await field.fill('ed25519:0123456789abcdef')
    expect(await register.isDisabled()).toBe(true)
    await field.fill(`ed25519:0123456789abcdef ${'A'.repeat(86)}`)
    await register.click()
    await page.getByRole('alert').filter({ hasText: 'EXQ-4017' }).waitFor()
    const { stdout } = await run(...line.split(' ').slice(1), '--yes')
    await field.fill(stdout)
    await register.click()
    await page.getByText(/^registered/).waitFor()
    const { body } = await desk.call('GET', '/v1/keys', { token: fin })
    expect(body.items.map(({ kind }: { kind: string }) => kind).sort()).toEqual(['ed25519', 'passkey'])
    await page.context().close()
    rmSync(home, { recursive: true })
  })

  test('is not made on a device that has one; one that is revoked is gone for good', async () => {
    const eli = await desk.person('eli', 'finance')
    const page = await desk.openAs(eli, '/inbox/passkeys')
    await addDevice(page)
    await page.getByRole('button', { name: 'Set up a passkey' }).click()
    await page.getByText(/^registered/).waitFor()
    await page.getByRole('button', { name: 'Set up a passkey' }).click()
    await page.getByRole('alert').waitFor()
    await page.getByRole('button', { name: 'Revoke …' }).click()
    await page.getByRole('dialog').getByRole('button', { name: 'Revoke' }).click()
    await page.getByText('You have no passkey yet.').waitFor()
    await page.context().close()
  })
})
