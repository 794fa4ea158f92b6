import { afterEach, expect, test } from 'vitest'
import { type ApiServer, startApi } from './cli-api-server.js'

let api: ApiServer
afterEach(() => api.close())

const budget = {
  budget: 'refunds',
  of: 'spend_cents',
  scope: { owner: 'person:ann' },
  currency: 'usd',
  tools: null,
  limit: 1_000,
  window_ms: 86_400_000,
  used: 900,
  reserved: 100,
  unknown: 50,
  standing: 'near',
  next_room_at: '2026-06-18T10:00:00Z',
}
const event = {
  kind: 'reached',
  budget: 'refunds',
  scope: { owner: 'person:ann' },
  used: 900,
  amount: 200,
  most: 1_000,
  window_ms: 86_400_000,
  action_id: 'act_1',
  step: 'step1',
  round: 1,
  agent: 'agent:desk',
  tool: 'refund_invoice',
  happened_at: '2026-06-17T10:00:00Z',
}

test('exq budgets shows where they stand, and what met them', async () => {
  api = await startApi({ 'GET /v1/budgets': { items: [budget], events: [event] } })
  const { code, stdout } = await api.run(['budgets'])
  expect(code).toBe(0)
  expect(stdout).toMatch(/refunds +owner person:ann +900 of 1000 spend_cents usd +100 +50 +near +2026-06-18T10:00:00Z/)
  expect(stdout).toMatch(/reached +refunds +owner person:ann +900 \+ 200 of 1000 +agent:desk +refund_invoice +act_1/)
  const json = await api.run(['budgets', '-o', 'json'])
  expect(JSON.parse(json.stdout)).toEqual({ items: [budget], events: [event] })
})

test('exq budgets says so where nothing is used', async () => {
  api = await startApi({ 'GET /v1/budgets': { items: [], events: [] } })
  expect((await api.run(['budgets'])).stdout).toContain('Nothing of any budget is used.')
})
