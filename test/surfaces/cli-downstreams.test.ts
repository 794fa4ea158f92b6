import { afterEach, expect, test } from 'vitest'
import { type Answers, type ApiServer, startApi } from './cli-api-server.js'

let api: ApiServer
afterEach(() => api.close())
const run = async (argv: readonly string[], answers: Answers) => {
  api = await startApi(answers)
  return api.run(argv)
}

const at = '2026-06-17T10:00:00Z'
const shadow = {
  id: 'shd_1',
  tool: 'refund_invoice',
  kind: 'unexplained',
  effect_id: 're_1',
  idempotency_key: null,
  happened_at: at,
  summary: 'refund of 100 usd',
  action_id: null,
  step: null,
  found_at: at,
  acknowledged: null,
}

test('downstreams shows how each stands', async () => {
  const billing = {
    name: 'billing',
    tools: ['get_invoice', 'refund_invoice'],
    state: 'open',
    failures: 5,
    tried_at: at,
    changed_at: at,
    rate: { per_second: 12.345, burst: 2 },
    waiting: 7,
  }
  const { code, stdout } = await run(['downstreams'], { 'GET /v1/downstreams': { items: [billing], next: null } })
  expect(code).toBe(0)
  expect(stdout).toContain('DOWNSTREAM')
  expect(stdout).toMatch(/billing +open +2026\S+ +2026\S+ +12\.35 +7 +get_invoice, refund_invoice/)
})

test('shadow list shows what nobody acknowledged, and how to go on', async () => {
  const { stdout, stderr } = await run(['shadow', 'list'], {
    'GET /v1/shadow-effects': { items: [shadow], next: null },
  })
  expect(stdout).toMatch(/shd_1 +unexplained +refund_invoice +re_1/)
  expect(stderr).toContain('exq shadow acknowledge shd_1 --reason')
})

test('shadow acknowledge says why it is there', async () => {
  const acknowledged = { by: 'person:ann', reason: 'By hand.', at }
  const { stdout } = await run(['shadow', 'acknowledge', 'shd_1', '--reason', 'By hand.'], {
    'POST /v1/shadow-effects/shd_1/acknowledgements': { ...shadow, acknowledged },
  })
  expect(stdout).toContain('person:ann: By hand.')
  expect(api.received[0]?.body).toEqual({ reason: 'By hand.' })
})

test('reconcile shows what was taken up, and what was looked for', async () => {
  const view = {
    workflows: { run_id: 'run-1', began_at: at, looked_at: at, ended_at: at, looked: 3, resumed: 1, started: 0 },
    resumptions: [{ action_id: 'act_1', found: 'terminated', run_id: 'run-2', resumed_at: at }],
    effects: [{ tool: 'refund_invoice', looked_at: at, since: at, until: at, listed: 9, shadows: 1, problem: null }],
  }
  const { stdout } = await run(['reconcile'], { 'GET /v1/reconciliation': view })
  expect(stdout).toContain('3 open actions looked at until 2026-06-17T10:00:00Z (run run-1): 1 resumed, 0 started.')
  expect(stdout).toMatch(/act_1 +terminated +run-2/)
  expect(stdout).toMatch(/refund_invoice +2026\S+ +2026\S+ +9 +1 +-/)
})
