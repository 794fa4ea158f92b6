import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { FinalLine } from './checker/evidence.js'
import { waitUntilSettled } from './settle.js'
import type { CampaignStack } from './stack/open-stack.js'

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
let home: string

beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'settle-'))
  api = createServer(({ url = '' }, answer) => answer.end(JSON.stringify(pages[url] ?? { items: [], next: null })))
  await new Promise<void>((listening) => api.listen(0, '127.0.0.1', listening))
})
afterAll(async () => {
  api.close()
  await rm(home, { recursive: true })
})

test('an open action waits for a person only where one is asked now, and can decide', async () => {
  const { port } = api.address() as AddressInfo
  const stack = { api: `http://127.0.0.1:${port}`, home, tokens: {} } as unknown as CampaignStack
  const ids = ['ended', 'asked', 'closed', 'silent']
  await waitUntilSettled(
    stack,
    ids.map((action_id) => ({ tenant: 'acme', action_id })),
    0.5,
  )
  const lines = (await readFile(join(home, 'final.jsonl'), 'utf8')).trim().split('\n')
  const final = lines.map((line) => JSON.parse(line) as FinalLine)
  expect(Object.fromEntries(final.map(({ action_id, outcome, waits }) => [action_id, outcome ?? waits]))).toEqual({
    ended: 'succeeded',
    asked: 'person',
    closed: null,
    silent: null,
  })
})
