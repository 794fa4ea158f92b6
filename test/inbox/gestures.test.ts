import type { Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { addDevice } from './authenticator.js'
import { browserHookMs, listening } from './browser.js'
import { type InboxDesk, openInboxDesk } from './inbox-desk.js'

let desk: InboxDesk
beforeAll(async () => {
  desk = await openInboxDesk()
}, browserHookMs)
afterAll(() => desk.close())
afterEach(() => desk.closePages())

const votesOn = async (approval: string) =>
  (await desk.call('GET', `/v1/approvals/${approval}`, { token: desk.tokens.bob })).body.votes
const open = (approval: string) => desk.openAs(desk.tokens.bob, `/inbox/approvals/${approval}`)
const approveButton = (page: Page) => page.getByRole('button', { name: /^Approve …/ })
const ownButton = (page: Page, name = 'Approve') => page.getByRole('dialog').getByRole('button', { name })

/** Presses Enter, and lets the keyboard repeat it until the question is there, and some more. */
async function holdEnter(page: Page) {
  await page.keyboard.down('Enter')
  await page.getByRole('dialog').waitFor()
  for (let repeat = 0; repeat < 5; repeat += 1) await page.keyboard.down('Enter')
}

/** What would take a click in the middle of the button that decides, when the question is just there, and since. */
async function watchButton(page: Page) {
  await page.evaluate(`new MutationObserver(() => {
    const button = document.querySelector('dialog[open] .actions button')
    if (!button || window.atFirst) return
    const { x, y, width, height } = button.getBoundingClientRect()
    window.taker = () => document.elementFromPoint(x + width / 2, y + height / 2) === button ? 'the button' : 'another'
    window.atFirst = window.taker()
  }).observe(document.body, { subtree: true, attributes: true, attributeFilter: ['open'] })`)
}

describe('one gesture opens the question, and another one decides', () => {
  test('Enter that is held opens it and no more; pressed anew, it approves', async () => {
    const { approval } = await desk.ask('held')
    const page = await open(approval)
    await approveButton(page).waitFor()
    await listening(page)
    await approveButton(page).focus()
    await holdEnter(page)
    await expect.poll(() => page.evaluate('document.activeElement.textContent')).toBe('Approve')
    await page.keyboard.down('Enter')
    await page.keyboard.up('Enter')
    await expect.poll(() => ownButton(page).isEnabled()).toBe(true)
    expect(await votesOn(approval)).toEqual([])
    await page.keyboard.press('Enter')
    await page.getByText('You approved this in the inbox.').waitFor()
    expect(await votesOn(approval)).toMatchObject([{ vote: 'approve' }])
  })

  test('nor does a held Enter revoke a passkey', async () => {
    const page = await desk.openAs(desk.tokens.bob, '/inbox/passkeys')
    await addDevice(page)
    await page.getByRole('button', { name: 'Set up a passkey' }).click()
    await page.getByText(/^registered/).waitFor()
    await page.getByRole('button', { name: 'Revoke …' }).focus()
    await holdEnter(page)
    await page.keyboard.up('Enter')
    await expect.poll(() => ownButton(page, 'Revoke').isEnabled()).toBe(true)
    await page.keyboard.press('Enter')
    await page.getByText('You have no passkey yet.').waitFor()
  })

  test('the second of a double click is none', async () => {
    const { approval } = await desk.ask('double')
    const page = await open(approval)
    await approveButton(page).click()
    await ownButton(page).hover()
    await page.mouse.down({ clickCount: 2 })
    await page.mouse.up({ clickCount: 2 })
    await expect.poll(() => ownButton(page).isEnabled()).toBe(true)
    expect(await votesOn(approval)).toEqual([])
    await ownButton(page).click()
    await page.getByText('You approved this in the inbox.').waitFor()
  })

  test('nothing in it takes what is touched right after it came up', async () => {
    const { approval } = await desk.ask('touched')
    const page = await open(approval)
    await approveButton(page).waitFor()
    await watchButton(page)
    await approveButton(page).click()
    await expect.poll(() => page.evaluate('window.atFirst')).toBe('another')
    await expect.poll(() => page.evaluate('window.taker()')).toBe('the button')
  })
})

describe('what is read out when a question comes up', () => {
  const described = (page: Page) =>
    page.evaluate(`(() => {
      const dialog = document.querySelector('dialog[open]')
      return document.getElementById(dialog.getAttribute('aria-describedby'))?.textContent ?? ''
    })()`) as Promise<string>

  test('is how much of what is asked for, and what happens then', async () => {
    const { approval } = await desk.ask('read-out')
    const page = await open(approval)
    await approveButton(page).click()
    await page.getByRole('dialog').waitFor()
    const text = await described(page)
    expect(text).toContain('Give $250.00 of credit to acct_read-out')
    expect(text).toMatch(/Medium risk.*Amount\$250\.00.*TargetAccount acct_read-out/)
    const { body } = await desk.call('GET', `/v1/approvals/${approval}`, { token: desk.tokens.bob })
    expect(text).toContain(JSON.parse(body.rendering).then.approve)
    await page.keyboard.press('Escape')
    await page.getByRole('button', { name: /^Reject …/ }).click()
    await page.getByRole('dialog').waitFor()
    expect(await described(page)).toMatch(/Give \$250\.00 of credit to acct_read-out.*A rejection is final/)
  })
})
