import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { waitUntilSettled } from './settle.js'

const open = (action_id: string, state = 'open') => ({ action_id, state })
const pages: Readonly<Record<string, unknown>> = {
  '/v1/actions/ended': { outcome: 'succeeded', steps: [{ id: 'step1', status: 'done', effect: 'committed' }] },
  '/v1/actions/asked': { outcome: null },
  '/v1/actions/closed': { outcome: null },
  '/v1/actions/silent': { outcome: null },
  '/v1/attention?all=true&limit=100': { items: [open('closed', 'settled'), open('other')], next: 'page 2' },
  '/v1/attention?all=true&limit=100&cursor=page%202': { items: [open('asked')], next: null },
}

let api: Server
const looks: string[] = []

beforeAll(async () => {
  api = createServer(({ url = '' }, answer) => {
    looks.push(url)
    answer.end(JSON.stringify(pages[url] ?? { items: [], next: null }))
  })
  await new Promise<void>((listening) => api.listen(0, '127.0.0.1', listening))
})
afterAll(() => api.close())

const ids = ['ended', 'asked', 'closed', 'silent']

async function settle(peopleDecide: boolean) {
  const { port } = api.address() as AddressInfo
  const stack = { api: `http://127.0.0.1:${port}`, tokens: {} }
  const actions = ids.map((action_id) => ({ tenant: 'acme', action_id }))
  return waitUntilSettled(stack, actions, { withinSeconds: peopleDecide ? 6 : 1.5, peopleDecide })
}

test('an open action waits for a person only where one is asked now, and can decide', async () => {
  const final = await settle(false)
  expect(Object.fromEntries(final.map(({ action_id, outcome, waits }) => [action_id, outcome ?? waits]))).toEqual({
    ended: 'succeeded',
    asked: 'person',
    closed: null,
    silent: null,
  })
})

test('where people decide all they are asked, what waits for them is looked at again', async () => {
  const seen = looks.length
  await settle(true)
  const again = looks.slice(seen).filter((url) => url === '/v1/actions/asked')
  expect(again.length).toBeGreaterThan(1)
})
