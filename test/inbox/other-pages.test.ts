import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { browserHookMs } from './browser.js'
import { type InboxDesk, openInboxDesk } from './inbox-desk.js'

let desk: InboxDesk
let other: Server
let page: Page
let approval: string
beforeAll(async () => {
  desk = await openInboxDesk()
  approval = (await desk.ask('wanted')).approval
  other = createServer((_request, answer) => {
    answer.setHeader('content-type', 'text/html')
    answer.end('<!doctype html><title>Another page</title><body></body>')
  })
  await new Promise<void>((done) => other.listen(0, () => done()))
  page = await desk.openAs(desk.tokens.bob)
}, browserHookMs)
afterAll(async () => {
  await page.context().close()
  await new Promise((done) => other.close(done))
  await desk.close()
})

const port = () => (other.address() as AddressInfo).port
/** Another site; and another port of the same host, to which browsers send the same cookies. */
const places = [
  ['another site', () => `http://127.0.0.1:${port()}`],
  ['another port of this host', () => `http://localhost:${port()}`],
] as const

/** Votes on the server, so far. */
const votes = async () => (await desk.call('GET', `/v1/approvals/${approval}`, { token: desk.tokens.bob })).body.votes

describe.each(places)('a page of %s, in the browser of somebody who is signed in', (_name, place) => {
  const act = async (script: string) => {
    await page.goto(place())
    return page.evaluate(script)
  }

  test('cannot vote by script, whatever it sends along', async () => {
    const { envelope_digest } = (await desk.call('GET', `/v1/approvals/${approval}`, { token: desk.tokens.bob })).body
    const body = JSON.stringify({ vote: 'approve', reason: 'mine', envelope_digest })
    for (const headers of [
      {},
      { 'content-type': 'text/plain' },
      { 'content-type': 'application/json', 'x-exequatur-csrf': 'guess' },
    ]) {
      const sent = `fetch('${desk.url}/v1/approvals/${approval}/votes', {
        method: 'POST', mode: ${JSON.stringify('content-type' in headers && headers['content-type'] === 'text/plain' ? 'no-cors' : 'cors')},
        credentials: 'include', headers: ${JSON.stringify(headers)}, body: ${JSON.stringify(body)} }).then(() => 'sent', () => 'kept back')`
      await act(sent)
    }
    expect(await votes()).toEqual([])
  })

  test('cannot vote by a form, nor sign anybody out', async () => {
    await act(`(() => {
      for (const action of ['/v1/approvals/${approval}/votes', '/inbox/sign-out']) {
        const form = document.createElement('form')
        Object.assign(form, { method: 'POST', enctype: 'text/plain', action: '${desk.url}' + action, target: 'away' })
        document.body.append(form)
        form.submit()
      }
    })()`)
    await page.waitForTimeout(500)
    expect(await votes()).toEqual([])
    await page.goto(`${desk.url}/inbox`)
    await page.getByRole('heading', { name: 'Waiting for you' }).waitFor()
  })

  test('reads nothing of what somebody sees', async () => {
    for (const path of ['/v1/me', '/v1/approvals', '/inbox']) {
      const read = `fetch('${desk.url}${path}', { credentials: 'include' }).then((answer) => answer.text(), () => 'kept back')`
      expect(await act(read)).toBe('kept back')
    }
  })

  test('cannot put the inbox into a frame, under something that people click', async () => {
    await act(`new Promise((done) => {
      const frame = document.createElement('iframe')
      frame.src = '${desk.url}/inbox/approvals/${approval}'
      frame.onload = done
      document.body.append(frame)
    })`)
    const [, frame] = page.frames()
    expect(frame).toBeDefined()
    expect(await frame?.locator('button').count()).toBe(0)
    expect(await frame?.locator('#page').count()).toBe(0)
  })
})
