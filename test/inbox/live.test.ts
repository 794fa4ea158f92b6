import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { eventParser, type StreamEvent } from '../../src/inbox/live/read-events.js'
import { loseCall } from '../surfaces/http-lost-calls.js'
import { browserHookMs } from './browser.js'
import { type InboxDesk, openInboxDesk } from './inbox-desk.js'

describe('a stream of events', () => {
  const parsed = (...chunks: string[]) => {
    const events: StreamEvent[] = []
    const parse = eventParser((event) => events.push(event))
    for (const chunk of chunks) parse(chunk)
    return events
  }

  test('is the same however it is cut into pieces', () => {
    const text = 'event: change\ndata: {"topics":["stops"]}\n\n: still here\n\ndata: a\ndata:b\r\n\r\n'
    const whole = [
      { event: 'change', data: '{"topics":["stops"]}' },
      { event: 'message', data: null },
      { event: 'message', data: 'a\nb' },
    ]
    expect(parsed(text)).toEqual(whole)
    expect(parsed(...text)).toEqual(whole)
    expect(parsed('data: not yet whole')).toEqual([])
  })
})

describe('a page that hears nothing any more', () => {
  let desk: InboxDesk
  beforeAll(async () => {
    desk = await openInboxDesk()
  }, browserHookMs)
  afterAll(() => desk.close())

  test('says so, and catches up once it hears again', async () => {
    const page = await desk.openAs(desk.tokens.bob)
    await page.getByText('Live', { exact: true }).waitFor()
    await page.context().setOffline(true)
    await page.getByText('Not live: what you see may be old.').waitFor({ timeout: 60_000 })
    await desk.ask('meanwhile')
    await page.context().setOffline(false)
    await page.getByText('Live', { exact: true }).waitFor()
    await page.getByRole('link', { name: /acct_meanwhile/ }).waitFor()
    await page.context().close()
  })

  test('shows who is signed in by now once it hears again, and nothing of whoever was', async () => {
    const { approval } = await desk.ask('of-bob')
    const page = await desk.openAs(desk.tokens.bob, `/inbox/approvals/${approval}`)
    await page.getByText('Live', { exact: true }).waitFor()
    await page.getByRole('button', { name: /^Approve …/ }).click()
    await page.getByRole('dialog').waitFor()
    const eve = await desk.openAs(desk.tokens.eve)
    await page.context().addCookies(await eve.context().cookies())
    await page.context().setOffline(true)
    await page.getByText('Not live: what you see may be old.').waitFor({ timeout: 60_000 })
    await page.context().setOffline(false)
    await page.getByText('eve in acme').waitFor({ timeout: 60_000 })
    await page.getByText('You can read this, but it is not for you to decide.').waitFor()
    expect(await page.getByRole('dialog').count()).toBe(0)
    await Promise.all([page.context().close(), eve.context().close()])
  })

  test('about one request, or one that needs attention, says why nothing newer is there', async () => {
    const { approval } = await desk.ask('unanswered')
    const lost = { tool: 'cancel_subscription', args: { subscription_id: 'sub_un' }, context: { request_id: 'un' } }
    const { attention } = await loseCall(desk, lost)
    for (const [path, shows] of [
      [`approvals/${approval}`, /acct_unanswered/],
      [`attention/${attention}`, /sub_un/],
    ] as const) {
      const page = await desk.openAs(desk.tokens.bob, `/inbox/${path}`)
      await page.getByText('Live', { exact: true }).waitFor()
      const one = page.getByRole('article').getByRole('heading', { name: shows })
      await one.waitFor()
      expect(await page.getByRole('alert').count()).toBe(0)
      await page.route(`**/v1/${path}`, (route) => route.fulfill({ status: 503, json: { title: 'Out of order' } }))
      await desk.ask(`heard-of-${path.replace('/', '-')}`)
      await page.getByRole('alert').filter({ hasText: 'Out of order' }).waitFor()
      expect(await one.count()).toBe(1)
      await page.unroute(`**/v1/${path}`)
      await page.getByRole('alert').waitFor({ state: 'detached' })
      await page.context().close()
    }
  })

  test('whose sign-in is over asks to sign in, and shows nothing of before', async () => {
    const { approval } = await desk.ask('signed-out')
    const page = await desk.openAs(desk.tokens.bob, `/inbox/approvals/${approval}`)
    await page.getByRole('heading', { name: /acct_signed-out/ }).waitFor()
    const other = await page.context().newPage()
    await other.goto('/inbox')
    await other.getByRole('button', { name: 'Sign out' }).click()
    await other.getByRole('heading', { name: 'Sign in' }).waitFor()
    await page.getByRole('heading', { name: 'Sign in' }).waitFor({ timeout: 60_000 })
    expect(await page.getByText('acct_signed-out').count()).toBe(0)
    await page.context().close()
  })
})
