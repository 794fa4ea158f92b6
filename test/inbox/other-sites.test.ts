import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { browserHookMs } from './browser.js'
import { type InboxDesk, openInboxDesk } from './inbox-desk.js'

/** What a page of a stranger tries. */
const attacks = `<!doctype html><title>Win a prize</title><body><script>
  const post = async (to, body, type) => {
    const sent = { method: 'POST', credentials: 'include', body, headers: { 'content-type': type } }
    for (const mode of ['no-cors', 'cors']) await fetch(to, { ...sent, mode }).catch(() => undefined)
  }
  const submitForm = (to, body) => {
    const form = Object.assign(document.createElement('form'), { method: 'POST', action: to, enctype: 'text/plain' })
    form.append(Object.assign(document.createElement('input'), { name: body }))
    document.body.append(form)
    form.submit()
  }
  const read = async (url) => {
    const answer = await fetch(url, { credentials: 'include' }).catch(() => null)
    return answer && answer.text()
  }
  const frame = async (url) => {
    const framed = Object.assign(document.createElement('iframe'), { src: url })
    document.body.append(framed)
    await new Promise((loaded) => framed.addEventListener('load', loaded, { once: true }))
  }
</script></body>`

let desk: InboxDesk
let stranger: Server
let port: number
beforeAll(async () => {
  desk = await openInboxDesk()
  stranger = createServer((_request, response) => response.setHeader('content-type', 'text/html').end(attacks))
  await new Promise<void>((listening) => stranger.listen(0, listening))
  port = (stranger.address() as AddressInfo).port
}, browserHookMs)
afterAll(async () => {
  stranger.closeAllConnections()
  stranger.close()
  await desk.close()
})

const votesOn = async (approval: string) =>
  (await desk.call('GET', `/v1/approvals/${approval}`, { token: desk.tokens.bob })).body.votes
const signedIn = (page: Page) => page.evaluate(async () => (await fetch('/v1/me')).status === 200)
/** A call of one of the stranger's functions, as text. */
const call = (name: string, ...given: readonly string[]) =>
  `${name}(${given.map((each) => JSON.stringify(each)).join()})`

/** Another port of the same host is another origin, but no other site: there the browser sends our cookie along. */
describe.each([
  { where: 'on another port of the same host', host: 'localhost', code: 'EXQ-2032' },
  { where: 'on another site', host: '127.0.0.1', code: 'EXQ-2001' },
])('a page $where, open beside the inbox', ({ host, code }) => {
  const open = async () => {
    const inbox = await desk.openAs(desk.tokens.bob)
    const page = await inbox.context().newPage()
    await page.goto(`http://${host}:${port}/`)
    return { inbox, page }
  }

  test('votes for nobody and signs nobody out, by form or by script', async () => {
    const { inbox, page } = await open()
    const { approval } = await desk.ask(`forged-${host}`)
    const { body: shown } = await desk.call('GET', `/v1/approvals/${approval}`, { token: desk.tokens.bob })
    const vote = JSON.stringify({ vote: 'approve', reason: '', envelope_digest: shown.envelope_digest })
    for (const target of [`${desk.url}/v1/approvals/${approval}/votes`, `${desk.url}/inbox/sign-out`]) {
      for (const type of ['text/plain', 'application/json', 'application/x-www-form-urlencoded'])
        await page.evaluate(call('post', target, vote, type))
      const answered = page.waitForResponse(target)
      await page.evaluate(call('submitForm', target, vote))
      expect(await (await answered).json()).toMatchObject({ code })
      await page.goto(`http://${host}:${port}/`)
    }
    expect(await votesOn(approval)).toEqual([])
    expect(await signedIn(inbox)).toBe(true)
    await inbox.context().close()
  })

  test('reads nothing, frames nothing, and reaches into no page of ours', async () => {
    const { inbox, page } = await open()
    expect(await page.evaluate(call('read', `${desk.url}/v1/me`))).toBeNull()
    await page.evaluate(call('frame', `${desk.url}/inbox`))
    expect(page.frames().map((frame) => frame.url())).not.toContain(`${desk.url}/inbox`)
    const [popup] = await Promise.all([
      page.context().waitForEvent('page'),
      page.evaluate(`void window.open(${JSON.stringify(`${desk.url}/inbox`)})`),
    ])
    await popup.waitForLoadState()
    expect(await popup.evaluate('window.opener')).toBeNull()
    await inbox.context().close()
  })
})
