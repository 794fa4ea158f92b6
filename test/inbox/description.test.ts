import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { browserHookMs } from './browser.js'
import { type InboxDesk, openInboxDesk } from './inbox-desk.js'

let desk: InboxDesk
beforeAll(async () => {
  desk = await openInboxDesk()
}, browserHookMs)
afterAll(() => desk.close())

const moved = {
  step: 'step2',
  name: { text: 'amount_cents' },
  before: { text: '500', type: 'string' },
  after: { text: '500', type: 'number' },
}

/** Lets answers that are changed on the way come to their end first. */
async function close(page: Page) {
  await page.unrouteAll({ behavior: 'wait' })
  await page.context().close()
}

/** The page of a request whose description is changed on the way. */
async function openChanged(name: string, change: (rendering: Record<string, unknown>) => object) {
  const { approval } = await desk.ask(name)
  const page = await desk.openAs(desk.tokens.bob)
  await page.route(`**/v1/approvals/${approval}`, async (route) => {
    const answer = await route.fetch()
    const body = await answer.json()
    const rendering = JSON.parse(body.rendering)
    const changed = { ...rendering, ...change(rendering) }
    await route.fulfill({ response: answer, json: { ...body, rendering: JSON.stringify(changed) } })
  })
  await page.goto(`/inbox/approvals/${approval}`)
  return page
}

test('what moved is told with the types of values, and with its step where there are several', async () => {
  for (const [name, count, says] of [
    ['one', 1, 'amount_cents500500 number'],
    ['two', 2, 'step2 amount_cents500500 number'],
  ] as const) {
    const page = await openChanged(name, ({ steps }) => {
      const [step] = steps as [{ readonly id: string }]
      return { moved: [moved], steps: [step, { ...step, id: 'step2' }].slice(0, count) }
    })
    const row = page.getByRole('region', { name: 'Changed since it was decided before' }).locator('tbody tr')
    await expect.poll(() => row.textContent()).toBe(says)
    await close(page)
  }
})

test('an agent and its owner of the same name are told apart', async () => {
  const page = await openChanged('names', ({ asks }) => ({
    asks: { ...(asks as object), agent: 'agent:ann', owner: 'person:ann', actors: ['agent:bob'] },
  }))
  const asked = page.getByRole('region', { name: 'Why you are asked' }).locator('dd').first()
  await expect.poll(() => asked.textContent()).toBe('the agent ann, owned by ann, through the agent bob')
  await close(page)
})
