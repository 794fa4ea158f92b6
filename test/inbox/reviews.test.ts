import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { browserHookMs } from './browser.js'
import { type InboxDesk, openInboxDesk } from './inbox-desk.js'
import { ranWithoutPeople } from './scenes.js'

let desk: InboxDesk
beforeAll(async () => {
  desk = await openInboxDesk()
}, browserHookMs)
afterAll(() => desk.close())
afterEach(() => desk.closePages())

const said = async (action: string) => {
  const sql = 'select reviewer, verdict, reason from reviews where tenant = $1 and action_id = $2'
  return (await desk.plane.pool.of('acme').query(sql, ['acme', action])).rows
}

test('what ran without people comes up while somebody looks, and is gone once it was looked at', async () => {
  const page = await desk.openAs(desk.tokens.bob, '/inbox/reviews')
  await page.getByText('There is nothing to look over.').waitFor()
  await page.getByText('Live', { exact: true }).waitFor()
  const action = await ranWithoutPeople(desk, 'harmless')
  await page.getByText('acct_harmless').first().waitFor()
  await page.getByRole('button', { name: 'Looked at it' }).click()
  await page.getByText('There is nothing to look over.').waitFor()
  expect(await said(action)).toEqual([{ reviewer: 'person:bob', verdict: 'looked-at', reason: null }])
})

test('an objection takes a reason, and stays', async () => {
  const action = await ranWithoutPeople(desk, 'doubtful')
  const page = await desk.openAs(desk.tokens.bob, '/inbox/reviews')
  await page.getByRole('button', { name: 'Object …' }).click()
  const object = page.getByRole('dialog').getByRole('button', { name: 'Object' })
  expect(await object.isDisabled()).toBe(true)
  await page.getByLabel(/^Reason/).fill('nobody promised this')
  await object.click()
  await page.getByRole('dialog').waitFor({ state: 'detached' })
  expect(await said(action)).toEqual([{ reviewer: 'person:bob', verdict: 'objected', reason: 'nobody promised this' }])
})
