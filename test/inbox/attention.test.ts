import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { recordLateResult } from '../../src/ledger/queries/record-late-result.js'
import { aMinuteLater } from '../_util/attention-rows.js'
import { loseCall } from '../surfaces/http-lost-calls.js'
import { addDevice } from './authenticator.js'
import { browserHookMs } from './browser.js'
import { type InboxDesk, openInboxDesk } from './inbox-desk.js'
import { credit } from './tools.js'

let desk: InboxDesk
beforeAll(async () => {
  desk = await openInboxDesk()
}, browserHookMs)
afterAll(() => desk.close())
afterEach(() => desk.closePages())

/** A call that nobody knows the outcome of, and that cannot be applied any more. */
async function loseAnswer(request: object) {
  const lost = await loseCall(desk, request as Parameters<typeof loseCall>[1])
  await aMinuteLater(desk.database.ownerUrl, lost.call)
  return lost
}
const lose = (name: string) =>
  loseAnswer({
    tool: 'cancel_subscription',
    args: { subscription_id: `sub_${name}` },
    context: { request_id: name },
  })
/** Of medium risk. */
const loseCredit = (name: string) =>
  loseAnswer({ tool: 'give_credit', args: credit({ account: `acct_${name}` }), context: { request_id: name } })
const methodOf = async (attention: string) => {
  const sql = 'select decided_by, choice, method from resolutions where tenant = $1 and attention_id = $2'
  return (await desk.plane.pool.of('acme').query(sql, ['acme', attention])).rows
}
const look = async (id: string) => (await desk.call('GET', `/v1/attention/${id}`, { token: desk.tokens.bob })).body

describe('what needs attention', () => {
  test('comes up while somebody looks, and is settled with a reason and evidence', async () => {
    const page = await desk.openAs(desk.tokens.bob, '/inbox/attention')
    await page.getByText('Nothing needs your attention.').waitFor()
    await page.getByText('Live', { exact: true }).waitFor()
    const { attention } = await loseCredit('lost')
    await page.getByRole('link', { name: /acct_lost/ }).click()
    await page.getByText('Nobody knows whether the call had an effect.').waitFor()
    await page.getByText('The real system has shown nothing definite.').waitFor()
    await page.getByRole('radio', { name: /^It did not happen/ }).check()
    await page.getByRole('button', { name: 'Decide …' }).click()
    const dialog = page.getByRole('dialog')
    const decide = dialog.getByRole('button', { name: 'Decide' })
    await dialog.getByLabel(/^Reason/).fill('the balance is as before')
    expect(await decide.isDisabled()).toBe(true)
    await dialog.getByLabel(/^Where one can see it/).fill('billing, acct_lost')
    await decide.click()
    await page.getByText('Decided by bob: It did not happen. the balance is as before').waitFor()
    expect((await look(attention)).resolution).toMatchObject({
      choice: 'did-not-happen',
      reason: 'the balance is as before',
      evidence: 'billing, acct_lost',
      decided_by: 'person:bob',
    })
    expect(await page.getByRole('button', { name: 'Decide …' }).count()).toBe(0)
  })

  test('that is decided elsewhere while it is open says so, and offers nothing any more', async () => {
    const { attention } = await lose('meanwhile')
    const page = await desk.openAs(desk.tokens.bob, `/inbox/attention/${attention}`)
    await page.getByRole('radio', { name: /^It happened/ }).check()
    await page.getByRole('button', { name: 'Decide …' }).click()
    const { state_digest } = await look(attention)
    const body = { choice: 'attempt-again', reason: 'nothing there', state_digest }
    await desk.call('POST', `/v1/attention/${attention}/resolutions`, { token: desk.tokens.bob, body })
    await page.getByText('Decided by bob: Attempt it again. nothing there').waitFor()
    expect(await page.getByRole('dialog').count()).toBe(0)
  })

  test('is decided on as it was when the question came up: what is found out since has to be looked at', async () => {
    const { attention, call } = await loseCredit('changes')
    const page = await desk.openAs(desk.tokens.bob, `/inbox/attention/${attention}`)
    const dialog = page.getByRole('dialog')
    const decide = dialog.getByRole('button', { name: 'Decide' })
    const ask = async () => {
      await page.getByRole('radio', { name: /^It did not happen/ }).check()
      await page.getByRole('button', { name: 'Decide …' }).click()
      await dialog.getByLabel(/^Reason/).fill('the balance is as before')
      await dialog.getByLabel(/^Where one can see it/).fill('billing, acct_changes')
      await expect.poll(() => decide.isEnabled()).toBe(true)
    }
    await page.getByText('Live', { exact: true }).waitFor()
    await ask()
    await expect.poll(() => dialog.textContent()).toMatch(/Account acct_changes, \$250\.00/)
    await recordLateResult(desk.database.executorPool, call, 1, {
      effect: 'not-committed',
      output: null,
      error: { code: 'EXQ-5002', detail: 'no such account' },
    })
    // The page looks again at anything that is told of.
    await lose('anything')
    await dialog.getByRole('alert').filter({ hasText: 'Something else is known of this by now' }).waitFor()
    expect(await decide.isDisabled()).toBe(true)
    await dialog.getByRole('button', { name: 'Not now' }).click()
    await page.getByText(/^Too late, at/).waitFor()
    await ask()
    await decide.click()
    await page.getByText('Decided by bob: It did not happen. the balance is as before').waitFor()
    expect((await methodOf(attention)).length).toBe(1)
  })

  test('about a critical tool is signed with a passkey by whoever decides it', async () => {
    const { attention } = await loseCall(desk, {
      tool: 'erase_customer',
      args: { customer_id: 'cus_1' },
      context: { request_id: 'erased' },
    } as Parameters<typeof loseCall>[1])
    const page = await desk.openAs(desk.tokens.eve, `/inbox/attention/${attention}`)
    await addDevice(page)
    await page.getByRole('radio', { name: /^Attempt it again/ }).check()
    await page.getByRole('button', { name: 'Decide …' }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByLabel(/^Reason/).fill('nothing was erased')
    const decide = dialog.getByRole('button', { name: 'Decide' })
    expect(await decide.isDisabled()).toBe(true)
    await dialog.getByRole('button', { name: 'Set up a passkey' }).click()
    await expect.poll(() => decide.isEnabled(), { timeout: 20_000 }).toBe(true)
    await decide.click()
    await page.getByText('Decided by eve: Attempt it again. nothing was erased').waitFor()
    expect(await methodOf(attention)).toEqual([
      { decided_by: 'person:eve', choice: 'attempt-again', method: 'passkey' },
    ])
  })

  test('of high risk is signed with a passkey as well: a sign-in alone settles no more than it approves', async () => {
    const { attention } = await lose('risky')
    const page = await desk.openAs(desk.tokens.bob, `/inbox/attention/${attention}`)
    await addDevice(page)
    await page.getByRole('radio', { name: /^It did not happen/ }).check()
    await page.getByRole('button', { name: 'Decide …' }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByLabel(/^Reason/).fill('the subscription runs')
    await dialog.getByLabel(/^Where one can see it/).fill('billing, sub_risky')
    const decide = dialog.getByRole('button', { name: 'Decide' })
    expect(await decide.isDisabled()).toBe(true)
    await dialog.getByRole('button', { name: 'Set up a passkey' }).click()
    await expect.poll(() => decide.isEnabled(), { timeout: 20_000 }).toBe(true)
    await decide.click()
    await page.getByText('Decided by bob: It did not happen. the subscription runs').waitFor()
    expect(await methodOf(attention)).toEqual([
      { decided_by: 'person:bob', choice: 'did-not-happen', method: 'passkey' },
    ])
  })

  test('is shown to whoever may not decide it, without choices', async () => {
    const { attention } = await lose('not-yours')
    const page = await desk.openAs(desk.tokens.eve, `/inbox/attention/${attention}`)
    await page.getByText('You can read this, but it is not for you to decide. Ask bob.').waitFor()
    expect(await page.getByRole('radio').count()).toBe(0)
  })
})
