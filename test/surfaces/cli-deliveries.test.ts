import { afterEach, expect, test } from 'vitest'
import { type Answers, type ApiServer, startApi } from './cli-api-server.js'

let api: ApiServer
afterEach(() => api.close())
const run = async (argv: readonly string[], answers: Answers) => {
  api = await startApi(answers)
  return api.run(argv)
}

const delivery = {
  id: 'dlv_1',
  channel: 'slack',
  to: 'person:ann',
  recipients: ['person:ann'],
  about: { kind: 'approval', id: 'apr_1' },
  action_id: 'act_1',
  notice: 'reminder',
  ordinal: 1,
  state: 'given-up',
  tries: 12,
  queued_at: '2026-06-17T10:00:00Z',
  age_seconds: 90,
  next_at: null,
  last_error: 'the channel is away',
}

test('deliveries shows what did not reach people, since when and why, and how to go on', async () => {
  const { code, stdout, stderr } = await run(['deliveries'], {
    'GET /v1/deliveries': { items: [delivery], next: 'more' },
  })
  expect(code).toBe(0)
  expect(stdout).toMatch(/dlv_1 +given-up +1m +slack person:ann +reminder apr_1 +12 +- +the channel is away/)
  expect(stderr).toContain('exq deliveries --retry dlv_1')
  expect(stderr).toContain('--cursor more')
})

test('deliveries says so where everything arrived', async () => {
  const { stdout } = await run(['deliveries'], { 'GET /v1/deliveries': { items: [], next: null } })
  expect(stdout).toContain('Everything reached the people it is for.')
})

test('deliveries --retry tries one at once', async () => {
  const { code, stdout } = await run(['deliveries', '--retry', 'dlv_1'], {
    'POST /v1/deliveries/dlv_1/retries': { ...delivery, state: 'pending', next_at: '2026-06-17T11:00:00Z' },
  })
  expect(code).toBe(0)
  expect(stdout).toMatch(/dlv_1 +pending/)
})
