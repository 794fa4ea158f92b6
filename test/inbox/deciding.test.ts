import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { browserHookMs } from './browser.js'
import { type InboxDesk, openInboxDesk } from './inbox-desk.js'

let desk: InboxDesk
beforeAll(async () => {
  desk = await openInboxDesk()
}, browserHookMs)
afterAll(() => desk.close())

const votesOn = async (approval: string) =>
  (await desk.call('GET', `/v1/approvals/${approval}`, { token: desk.tokens.bob })).body.votes

describe('what waits', () => {
  test('comes up by itself while somebody looks, and is counted in the title', async () => {
    const page = await desk.openAs(desk.tokens.bob)
    await page.getByText('Nothing waits for you.').waitFor()
    await page.getByText('Live', { exact: true }).waitFor()
    const { approval } = await desk.ask('appears')
    await page.getByRole('link', { name: /Give \$250.00 of credit/ }).waitFor()
    expect(await page.title()).toBe('(1) Exequatur')
    await page.getByRole('link', { name: /Give \$250.00 of credit/ }).click()
    await page.getByRole('button', { name: /^Approve/ }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByLabel('Reason').fill('as agreed')
    await dialog.getByRole('button', { name: 'Approve' }).click()
    await page.getByText('You approved this in the inbox.').waitFor()
    expect(await votesOn(approval)).toMatchObject([
      { approver: 'person:bob', vote: 'approve', reason: 'as agreed', method: 'inbox', counts: true },
    ])
    await page.context().close()
  })
})
