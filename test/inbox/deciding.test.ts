import type { Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { rotateToken } from '../../src/control-plane/principal-life.js'
import { browserHookMs, listening } from './browser.js'
import { type InboxDesk, openInboxDesk } from './inbox-desk.js'
import { credit } from './tools.js'

let desk: InboxDesk
beforeAll(async () => {
  desk = await openInboxDesk()
}, browserHookMs)
afterAll(() => desk.close())
afterEach(() => desk.closePages())

const look = async (approval: string) =>
  (await desk.call('GET', `/v1/approvals/${approval}`, { token: desk.tokens.bob })).body
const votesOn = async (approval: string) => (await look(approval)).votes

async function voteElsewhere(approval: string, token: string, vote: string) {
  const { envelope_digest } = await look(approval)
  const body = { vote, reason: 'seen elsewhere', envelope_digest }
  const headers = { 'x-exequatur-surface': 'cli' }
  const { status } = await desk.call('POST', `/v1/approvals/${approval}/votes`, { token, body, headers })
  expect(status).toBe(200)
}

const open = (approval: string) => desk.openAs(desk.tokens.bob, `/inbox/approvals/${approval}`)
const approveButton = (page: Page) => page.getByRole('button', { name: /^Approve …/ })
const heading = (page: Page) => page.getByRole('heading', { level: 1 })

describe('what waits', () => {
  test('comes up by itself while somebody looks, is counted in the title, and is approved', async () => {
    const page = await desk.openAs(desk.tokens.bob)
    await page.getByText('Nothing waits for you.').waitFor()
    await page.getByText('Live', { exact: true }).waitFor()
    const { approval } = await desk.ask('appears')
    await page.getByRole('link', { name: 'Give $250.00 of credit to acct_appears' }).waitFor()
    await expect.poll(() => page.title()).toBe('(1) Exequatur')
    await page.getByRole('link', { name: 'Give $250.00 of credit to acct_appears' }).click()
    await approveButton(page).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByLabel('Reason').fill('as agreed')
    await dialog.getByRole('button', { name: 'Approve' }).click()
    await page.getByText('You approved this in the inbox.').waitFor()
    expect(await votesOn(approval)).toMatchObject([
      { approver: 'person:bob', vote: 'approve', reason: 'as agreed', method: 'inbox', counts: true },
    ])
    await expect.poll(() => page.title()).toBe('Exequatur')
    await page.getByRole('button', { name: 'Take my approval back' }).click()
    await dialog.getByLabel('Reason').fill('not yet')
    await dialog.getByRole('button', { name: 'Take it back' }).click()
    await approveButton(page).waitFor()
    expect((await votesOn(approval)).map(({ vote }: { vote: string }) => vote)).toEqual(['approve', 'withdraw'])
  })

  test('is in order of risk, then of age, and is filtered by any word in it', async () => {
    await desk.ask('first')
    await desk.ask('second')
    await desk.askFor('third', { tool: 'cancel_subscription', args: { subscription_id: 'sub_third' } })
    const page = await desk.openAs(desk.tokens.bob)
    const rows = page.locator('.row-headline')
    await rows.filter({ hasText: 'sub_third' }).waitFor()
    const shown = (await rows.allTextContents()).map((text) => /(acct|sub)_\w+/.exec(text)?.[0])
    expect(shown.filter((id) => id !== 'acct_appears')).toEqual(['sub_third', 'acct_first', 'acct_second'])
    await page.getByRole('searchbox').fill('credit SECOND')
    await expect.poll(() => rows.count()).toBe(1)
    await page.getByText(/^1 of \d+ shown$/).waitFor()
    await page.getByRole('searchbox').fill('high')
    await expect.poll(() => rows.allTextContents()).toEqual([expect.stringContaining('sub_third')])
  })

  test('says in the times of whoever reads when they are reminded and when it expires', async () => {
    const { approval } = await desk.ask('times')
    const page = await open(approval)
    const then = page.getByRole('region', { name: 'What happens then' })
    await then.getByText(/^At \d+ \w+ 20\d\d, \d\d:\d\d:\d\d UTC it expires, and nothing of this is done\.$/).waitFor()
    expect(await page.locator('main').textContent()).not.toMatch(/\dT\d\d:/)
  })

  test('is rejected with a reason, and several at once with one', async () => {
    const asked = [await desk.ask('r1'), await desk.ask('r2')]
    const page = await desk.openAs(desk.tokens.bob)
    for (const name of ['acct_r1', 'acct_r2']) await page.getByLabel(`Select Give $250.00 of credit to ${name}`).check()
    await page.getByRole('button', { name: 'Reject 2 …' }).click()
    const reject = page.getByRole('dialog').getByRole('button', { name: 'Reject 2' })
    expect(await reject.isDisabled()).toBe(true)
    await page.getByRole('dialog').getByLabel('Reason').fill('two of the same')
    await reject.click()
    await page.getByText('2 requests rejected.').waitFor()
    for (const { approval } of asked)
      expect(await votesOn(approval)).toMatchObject([{ vote: 'reject', reason: 'two of the same', method: 'inbox' }])
  })

  test('that somebody else decided meanwhile keeps nobody from rejecting the others', async () => {
    const [first, second] = [await desk.ask('m1'), await desk.ask('m2')]
    const page = await desk.openAs(desk.tokens.bob)
    for (const name of ['acct_m1', 'acct_m2']) await page.getByLabel(`Select Give $250.00 of credit to ${name}`).check()
    await page.getByRole('button', { name: 'Reject 2 …' }).click()
    await page.getByRole('dialog').getByLabel('Reason').fill('two of the same')
    await desk.call('POST', `/v1/actions/${first.action}/cancel`, { token: desk.tokens.desk, body: {} })
    await desk.end(first.action, 'cancelled')
    await page.getByRole('dialog').getByRole('button', { name: 'Reject 2' }).click()
    await page.getByRole('alert').filter({ hasText: 'EXQ-4002' }).waitFor()
    await page.getByText('1 is not rejected yet.').waitFor()
    expect(await votesOn(second.approval)).toMatchObject([{ vote: 'reject' }])
  })
})

describe('what is open on the screen and decided elsewhere', () => {
  test('says so at once, and has no buttons any more', async () => {
    const cat = await desk.person('cat', 'finance')
    const { approval } = await desk.ask('elsewhere')
    const page = await open(approval)
    await approveButton(page).click()
    await page.getByRole('dialog').waitFor()
    await voteElsewhere(approval, cat, 'reject')
    await page.getByText('While you looked: Rejected by cat on the command line.').waitFor()
    expect(await page.getByRole('dialog').count()).toBe(0)
    expect(await page.getByRole('button', { name: /Approve|Reject/ }).count()).toBe(0)
  })

  test('by the same person says that, too', async () => {
    const { approval } = await desk.ask('own-elsewhere')
    const page = await open(approval)
    await approveButton(page).waitFor()
    await voteElsewhere(approval, desk.tokens.bob, 'approve')
    await page.getByText('While you looked: You approved this on the command line.').waitFor()
    expect(await approveButton(page).count()).toBe(0)
  })

  test('by somebody whose vote counts no longer is asked of them again', async () => {
    const dora = await desk.person('dora', 'finance')
    const { approval } = await desk.ask('lapsed')
    await voteElsewhere(approval, dora, 'approve')
    const { token } = await rotateToken(desk.plane, { tenant: 'acme', principal: 'person:dora', by: 'test' })
    const page = await desk.openAs(token)
    await page.getByRole('link', { name: /acct_lapsed/ }).click()
    await page.getByText(/^Your approval counts no longer: decide again\.$/).waitFor()
    expect(await page.getByRole('button', { name: 'Take my approval back' }).count()).toBe(0)
    await approveButton(page).click()
    await page.getByRole('dialog').getByRole('button', { name: 'Approve' }).click()
    await page.getByText(/^You approved this in the inbox\. It has not begun yet\.$/).waitFor()
    await page.reload()
    // That was so before they looked.
    await page.getByText(/^You approved this in the inbox\. It has not begun yet\.$/).waitFor()
  })

  test('or withdrawn by who asked', async () => {
    const { approval, action } = await desk.ask('withdrawn')
    const page = await open(approval)
    await approveButton(page).waitFor()
    await desk.call('POST', `/v1/actions/${action}/cancel`, { token: desk.tokens.desk, body: {} })
    await desk.end(action, 'cancelled')
    await page
      .getByText('While you looked: Cancelled by the agent support_refunds_v2. Nothing of this is done.')
      .waitFor()
    expect(await approveButton(page).count()).toBe(0)
  })

  test('or expired, while the clock runs out before one’s eyes', async () => {
    const page = await desk.openAs(desk.tokens.bob)
    await desk.askFor('expires', { tool: 'give_credit', args: credit({ account: 'acct_late' }) }, 40_000)
    await page.getByRole('link', { name: /acct_late/ }).click()
    await page.getByText(/^\d+ s left$/).waitFor()
    await approveButton(page).click()
    await page.getByText('While you looked: Expired').waitFor({ timeout: 90_000 })
    expect(await page.getByRole('dialog').count()).toBe(0)
    expect(await approveButton(page).count()).toBe(0)
  })

  test('or amended, so that it is asked for anew', async () => {
    const { approval, action } = await desk.ask('amended')
    const page = await open(approval)
    await approveButton(page).waitFor()
    const cat = await desk.person('cate', 'finance')
    const { envelope_digest } = await look(approval)
    const args = credit({ account: 'acct_amended', amount_cents: 100 })
    const body = { step: 'step1', args, reason: 'less will do', envelope_digest }
    const { status } = await desk.call('POST', `/v1/approvals/${approval}/amendments`, { token: cat, body })
    expect(status).toBe(200)
    await page.getByText('it is being put together anew').waitFor()
    await desk.askPeople({ id: action }, 3_600_000, 2)
    await page
      .getByText('While you looked: Something changed, so that this was put together and asked for anew.')
      .waitFor()
    expect(await approveButton(page).count()).toBe(0)
  })

  test('or stopped: then it says that an approval has no effect yet', async () => {
    const { approval } = await desk.ask('stopped')
    const page = await open(approval)
    await approveButton(page).waitFor()
    const stop = { scope: 'agent:support_refunds_v2', reason: 'it asks \u202ewithout end. Approved by bob' }
    await desk.call('POST', '/v1/stops', { token: desk.tokens.ann, body: stop })
    await page.getByText('An approval has no effect before it is resumed.').waitFor()
    await page.getByText('Stopped: the agent support_refunds_v2.').waitFor()
    // Whoever stops need not be somebody who may decide: their words stand by themselves.
    const theirs = page.locator('.quote > bdi.theirs', { hasText: 'it asks' })
    await expect.poll(() => theirs.textContent()).toBe('it asks \\u{202e}without end. Approved by bob')
    const guard = await desk.person('guard', 'security')
    await desk.call('POST', `/v1/stops/${stop.scope}/resume`, { token: guard, body: { reason: 'mended' } })
    await page.getByText('An approval has no effect before it is resumed.').waitFor({ state: 'detached' })
    await approveButton(page).waitFor()
  })

  test('nothing is offered to who is part of the request', async () => {
    const { approval } = await desk.ask('of-ann')
    const page = await desk.openAs(desk.tokens.ann, `/inbox/approvals/${approval}`)
    await page.getByText('You can read this, but it is not for you to decide.').waitFor()
    expect(await approveButton(page).count()).toBe(0)
  })
})

describe('the keyboard', () => {
  test('is enough: to find, open, and approve; and no key decides by itself', async () => {
    const { approval } = await desk.ask('keys')
    const page = await desk.openAs(desk.tokens.bob)
    await page.getByRole('link', { name: /acct_keys/ }).waitFor()
    await page.keyboard.press('/')
    await page.keyboard.type('acct_keys')
    await expect.poll(() => page.locator('.row').count()).toBe(1)
    await page.keyboard.press('Tab')
    await page.keyboard.press('j')
    await page.keyboard.press('Enter')
    await heading(page).filter({ hasText: 'acct_keys' }).waitFor()
    // What is read out first, and where Tab goes on from.
    await listening(page)
    await page.keyboard.press('a')
    await page.getByRole('dialog').waitFor()
    expect(await votesOn(approval)).toEqual([])
    await page.keyboard.press('Escape')
    await page.getByRole('dialog').waitFor({ state: 'detached' })
    await page.keyboard.press('a')
    await page.getByRole('dialog').waitFor()
    await page.keyboard.press('Enter')
    await page.getByText('You approved this in the inbox.').waitFor()
    expect(await votesOn(approval)).toMatchObject([{ vote: 'approve' }])
  })

  test('selects the request in focus, also where a riskier one came in above it', async () => {
    const { approval } = await desk.ask('in-focus')
    const page = await desk.openAs(desk.tokens.bob)
    await page.getByRole('searchbox').fill('in-focus')
    await page.getByRole('link', { name: /acct_in-focus/ }).focus()
    await desk.askFor('above', { tool: 'cancel_subscription', args: { subscription_id: 'sub_in-focus' } })
    await expect.poll(() => page.locator('.row').count()).toBe(2)
    await expect.poll(() => page.locator('.row').first().textContent()).toContain('sub_in-focus')
    await page.keyboard.press('x')
    const ticked = page.locator('.row', { has: page.locator('input:checked') })
    await expect.poll(() => ticked.count()).toBe(1)
    await expect.poll(() => ticked.getAttribute('id')).toBe(`row-${approval}`)
    // Where it is gone, the next key is about the one that took its place.
    const { envelope_digest } = await look(approval)
    const gone = { vote: 'reject', reason: 'gone', envelope_digest }
    await desk.call('POST', `/v1/approvals/${approval}/votes`, { token: desk.tokens.bob, body: gone })
    await expect.poll(() => page.locator('.row').count()).toBe(1)
    await page.keyboard.press('x')
    await expect.poll(() => ticked.allTextContents()).toEqual([expect.stringContaining('sub_in-focus')])
  })

  test('is enough to reject, and to go back', async () => {
    const { approval } = await desk.ask('keys-reject', { args: { account: 'acct_no' } })
    const page = await open(approval)
    await approveButton(page).waitFor()
    await listening(page)
    await page.keyboard.press('r')
    await page.getByRole('dialog').waitFor()
    await page.keyboard.type('are you sure')
    await page.keyboard.press('Tab')
    expect(await votesOn(approval)).toEqual([])
    await page.keyboard.press('Enter')
    await page.getByText('Rejected by bob in the inbox.').waitFor()
    await page.keyboard.press('u')
    await page.getByRole('heading', { name: 'Waiting for you' }).waitFor()
  })

  test('can be told to do nothing by single keys', async () => {
    const { approval } = await desk.ask('keys-off', { args: { account: 'acct_off' } })
    const page = await open(approval)
    await approveButton(page).waitFor()
    await listening(page)
    await page.keyboard.press('?')
    await page.getByLabel('Single keys do something').uncheck()
    await page.keyboard.press('Escape')
    await page.getByRole('dialog').waitFor({ state: 'detached' })
    await page.keyboard.press('a')
    await page.keyboard.press('u')
    expect(await page.getByRole('dialog').count()).toBe(0)
    expect(new URL(page.url()).pathname).toBe(`/inbox/approvals/${approval}`)
  })
})
