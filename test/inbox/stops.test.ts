import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { browserHookMs } from './browser.js'
import { type InboxDesk, openInboxDesk } from './inbox-desk.js'

let desk: InboxDesk
let guard: string
beforeAll(async () => {
  desk = await openInboxDesk()
  guard = await desk.person('guard', 'security')
}, browserHookMs)
afterAll(() => desk.close())
afterEach(() => desk.closePages())

const stops = async () => (await desk.call('GET', '/v1/stops', { token: guard })).body.items

describe('agents, tools and stops', () => {
  test('an agent is stopped by its owner, with a reason; whoever looks sees it at once', async () => {
    const [ann, other] = [
      await desk.openAs(desk.tokens.ann, '/inbox/agents'),
      await desk.openAs(desk.tokens.bob, '/inbox/agents'),
    ]
    await other.getByText('Nothing is stopped.').waitFor()
    await other.getByText('Live', { exact: true }).waitFor()
    expect(await other.getByRole('button', { name: /^Stop/ }).count()).toBe(0)
    await ann.getByRole('button', { name: 'Stop the agent support_refunds_v2' }).click()
    const stop = ann.getByRole('dialog').getByRole('button', { name: 'Stop now' })
    expect(await stop.isDisabled()).toBe(true)
    await ann.getByLabel(/^Reason/).fill('it asks without end')
    await stop.click()
    await ann.getByText('Stopped: the agent support_refunds_v2').waitFor()
    await other.getByText('Stopped: the agent support_refunds_v2').waitFor()
    expect(await stops()).toMatchObject([{ scope: 'agent:support_refunds_v2', reason: 'it asks without end' }])
    // Who may stop may not resume: that takes the group of the configuration.
    expect(await ann.getByRole('button', { name: 'Resume …' }).count()).toBe(0)
  })

  test('whoever keeps the stops resumes, stops a tool, and stops everything', async () => {
    const page = await desk.openAs(guard, '/inbox/agents')
    await page.getByRole('button', { name: 'Resume …' }).click()
    await page.getByLabel(/^Reason/).fill('mended')
    await page.getByRole('dialog').getByRole('button', { name: 'Resume' }).click()
    await page.getByText('Nothing is stopped.').waitFor()
    for (const name of ['Stop the tool erase_customer', 'Stop everything here …']) {
      await page.getByRole('button', { name }).click()
      await page.getByLabel(/^Reason/).fill('to be safe')
      await page.getByRole('dialog').getByRole('button', { name: 'Stop now' }).click()
      await page.getByRole('dialog').waitFor({ state: 'detached' })
    }
    await page.getByText('Stopped: everything here').waitFor()
    expect((await stops()).map(({ scope }: { scope: string }) => scope)).toEqual(['tenant', 'tool:erase_customer'])
  })
})
