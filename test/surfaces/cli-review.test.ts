import { afterEach, describe, expect, test } from 'vitest'
import type { ChangesView } from '../../src/control-plane/changes-view.js'
import { changesShape } from '../../src/http/review-shapes.js'
import { type Answers, type ApiServer, problem, startApi } from './cli-api-server.js'
import { actionId, ended } from './cli-samples.js'

let api: ApiServer
afterEach(() => api.close())

const changes: ChangesView = {
  action_id: actionId,
  agent: 'agent:desk',
  on_behalf_of: 'person:kim',
  subject: 'ticket:zd_1',
  outcome: 'succeeded',
  ended_at: '2026-06-17T10:00:01.000Z',
  changes: [
    {
      step: 'step1',
      tool: 'refund_invoice',
      title: 'Refund an invoice',
      resource: 'Invoice in_1',
      args: { amount_cents: 4200 },
      effect: 'committed',
      undone: false,
    },
  ],
  review: { standing: 'due', said: [] },
}
changesShape.parse(changes)
const said = (verdict: 'looked-at' | 'objected', reason: string | null) => ({
  ...ended('succeeded'),
  review: { standing: verdict, said: [{ reviewer: 'person:bob', verdict, reason, at: '2026-06-17T11:00:00.000Z' }] },
})

async function run(argv: readonly string[], answers: Answers = {}) {
  api = await startApi({
    'GET /v1/reviews': { items: [changes], next: null },
    [`POST /v1/actions/${actionId}/reviews`]: said('looked-at', null),
    ...answers,
  })
  return api.run(argv)
}

describe('review', () => {
  test('shows what was changed for whom, and what to type', async () => {
    const { code, stdout, stderr } = await run(['review'])
    expect(code).toBe(0)
    expect(stdout).toContain('agent:desk, on behalf of person:kim, about ticket:zd_1')
    expect(stdout).toContain('Refund an invoice: Invoice in_1 (committed)')
    expect(stdout).toContain('{"amount_cents":4200}')
    expect(stdout).toContain('nobody looked it over yet')
    expect(stderr).toBe(
      `Then: \`exq review looked ${actionId}\` or \`exq review object ${actionId} --reason <text>\`.\n`,
    )
  })

  test('goes on over pages that hold nothing for this person', async () => {
    const pages = [
      { items: [], next: 'two' },
      { items: [changes], next: null },
    ]
    const { stdout } = await run(['review', 'list', '-o', 'json'], { 'GET /v1/reviews': () => pages.shift() })
    expect(JSON.parse(stdout)).toEqual({ items: [changes], next: null })
    expect(api.received.map(({ query }) => query)).toEqual([{ limit: '20' }, { limit: '20', cursor: 'two' }])
  })

  test('shows what was objected to, and says when there is nothing', async () => {
    const { stdout } = await run(['review', '--objected'], { 'GET /v1/reviews': { items: [], next: null } })
    expect(stdout).toBe('There is nothing for you to look over.\n')
    expect(api.received[0]?.query).toEqual({ limit: '20', objected: 'true' })
  })

  test('looked says that somebody did', async () => {
    const { code, stdout } = await run(['review', 'looked', actionId])
    expect(code).toBe(0)
    expect(api.received[0]?.body).toEqual({ verdict: 'looked-at' })
    expect(stdout).toContain('looked at by person:bob')
  })

  test('object says why', async () => {
    const { stdout } = await run(['review', 'object', actionId, '--reason', 'Twice.'], {
      [`POST /v1/actions/${actionId}/reviews`]: said('objected', 'Twice.'),
    })
    expect(api.received[0]?.body).toEqual({ verdict: 'objected', reason: 'Twice.' })
    expect(stdout).toContain('objected to by person:bob, 2026-06-17T11:00:00.000Z: Twice.')
  })

  test('object without a reason is no objection', async () => {
    const { code, stderr } = await run(['review', 'object', actionId])
    expect(code).not.toBe(0)
    expect(stderr).toContain('--reason')
    expect(api.received).toEqual([])
  })

  test('passes on why the server takes no review', async () => {
    const answers = { [`POST /v1/actions/${actionId}/reviews`]: problem('EXQ-4032', 'kim is part of it') }
    const { code, stderr } = await run(['review', 'looked', actionId], answers)
    expect(code).toBe(1)
    expect(stderr).toContain('EXQ-4032 This person may not look this over: kim is part of it\n')
  })
})
