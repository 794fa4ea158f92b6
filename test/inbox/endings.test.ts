import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { recordIntent } from '../../src/ledger/queries/record-intent.js'
import { intentFor } from '../_util/ledger-rows.js'
import { browserHookMs } from './browser.js'
import { type Asked, type InboxDesk, openInboxDesk } from './inbox-desk.js'
import { credit } from './tools.js'

let desk: InboxDesk
beforeAll(async () => {
  desk = await openInboxDesk()
}, browserHookMs)
afterAll(() => desk.close())
afterEach(() => desk.closePages())

/** Approves it, and lets the call begin as an executor would. */
async function begin({ action, approval }: Asked, name: string) {
  const { body } = await desk.call('GET', `/v1/approvals/${approval}`, { token: desk.tokens.bob })
  const { envelope_digest } = body
  const vote = { vote: 'approve', reason: 'as agreed', envelope_digest }
  await desk.call('POST', `/v1/approvals/${approval}/votes`, { token: desk.tokens.bob, body: vote })
  const args = credit({ account: `acct_${name}` })
  const ref = { tenant: 'acme', action_id: action }
  const intent = await intentFor(desk.database.serverPool, ref, { tool: 'give_credit', args, envelope_digest })
  expect(await recordIntent(desk.database.executorPool, intent)).toBe('written')
}

test('whoever approved sees that it is under way, and what became of it', async () => {
  const asked = await desk.ask('ends')
  const page = await desk.openAs(desk.tokens.bob, `/inbox/approvals/${asked.approval}`)
  await page.getByText('Live', { exact: true }).waitFor()
  await begin(asked, 'ends')
  await page.getByText(/Approved by bob .* Nothing is left to decide\./).waitFor()
  await page.getByText('The action is under way.').waitFor()
  await desk.end(asked.action, 'failed', 'the bank \u202esaid no')
  await page.getByText('The action failed.').waitFor()
  await page.getByText('the bank \\u{202e}said no').waitFor()
  expect(await page.getByText('The action is under way.').count()).toBe(0)
})

test('an action that ended before it began is told with why', async () => {
  const asked = await desk.ask('never')
  await desk.end(asked.action, 'denied', 'the tool is retired')
  const page = await desk.openAs(desk.tokens.bob, `/inbox/approvals/${asked.approval}`)
  await page.getByText('The action ended without this. Nothing of this is done.').waitFor()
  await page.getByText('The policy did not let the action go on.').waitFor()
  await page.getByText('the tool is retired').waitFor()
})

test('whoever comes later sees how it ended', async () => {
  const asked = await desk.ask('ended')
  await begin(asked, 'ended')
  await desk.end(asked.action, 'succeeded', 'one credit was given')
  const page = await desk.openAs(desk.tokens.bob, `/inbox/approvals/${asked.approval}`)
  await page.getByText('The action succeeded.').waitFor()
  await page.getByText('one credit was given').waitFor()
})
