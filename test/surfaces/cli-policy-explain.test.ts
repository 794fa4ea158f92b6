import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { explanationShape, simulationShape } from '../../src/http/policy-schemas.js'
import { type ApiServer, startApi } from './cli-api-server.js'
import { folderWith } from './cli-run.js'

const policy = {
  id: 'refund-over-500',
  effect: 'forbid',
  file: 'refunds.cedar',
  author: 'person:ann',
  requires: { finance: 1 },
  say: 'Ask finance.',
  policy_text: '@id("refund-over-500")\nforbid (principal, action, resource);',
}
const step = {
  step: 'step1',
  tool: 'refund_invoice',
  result: 'require-approval',
  requirements: { finance: 1 },
  explanation: 'Ask finance.',
  policies: [policy],
  permitted_by: ['support-agent'],
  enough: 'Approval: finance 1.',
}
const simulated = {
  policy_digest: 'sha256:2',
  result: 'require-approval',
  requirements: { finance: 1 },
  explanation: 'Ask finance.',
  steps: [step],
}
const simulation = simulationShape.strict().parse({
  ...simulated,
  revision: null,
  problems: [],
  facts: {
    session: { calls: 3, read_untrusted: true, read_sensitive: false, from: 'ledger' },
    approvals: { counts: { finance: 0 }, from: 'none' },
    observed: { by_step: {}, from: 'none' },
  },
  present: {
    ...simulated,
    policy_digest: 'sha256:1',
    differs: ['step1'],
    steps: [{ ...step, result: 'deny', enough: null }],
  },
})
const explanation = explanationShape.strict().parse({
  action_id: 'act_1',
  decisions: [
    {
      ...step,
      phase: 'execute',
      stage: 'policy',
      round: 1,
      at: '2026-06-17T10:00:00Z',
      says: ['Ask finance.'],
      permitted_by: [{ ...policy, id: 'support-agent', effect: 'permit' }],
      set: { digest: 'sha256:2', revision: 2, author: 'person:ann', from: '2026-06-17T09:00:00Z', until: null },
      now: { result: 'deny', differs: true, explanation: 'Never.' },
    },
  ],
})

let api: ApiServer
beforeAll(async () => {
  api = await startApi({ 'POST /v1/policy/simulations': simulation, 'GET /v1/actions/act_1/explanation': explanation })
})
afterAll(() => api.close())

describe('exq policy simulate', () => {
  const folder = folderWith({
    'request.json': { tool: 'refund_invoice', args: { invoice_id: 'in_1' }, context: { ticket_id: 'zd_1' } },
    'seen.json': { refundable_cents: 4_200 },
    'draft.cedar': '// a draft',
  })
  afterAll(() => folder.remove())
  const simulate = (...more: string[]) =>
    api.run(['policy', 'simulate', 'request.json', '--agent', 'desk', ...more], { cwd: folder.path })

  test('sends the request with what is given, and shows step by step what would be said, and on what', async () => {
    const { code, stdout } = await simulate('--draft', '.', '--observed', 'seen.json', '--approval', 'finance=1')
    expect(code).toBe(0)
    expect(api.received.at(-1)?.body).toMatchObject({
      request: { tool: 'refund_invoice', context: { request_id: 'simulated', ticket_id: 'zd_1' } },
      agent: 'desk',
      observed: { step1: { refundable_cents: 4_200 } },
      approvals: { finance: 1 },
      policies: { 'default-pack.cedar': expect.any(String), 'draft.cedar': '// a draft' },
    })
    expect(stdout).toContain('require-approval  under the draft sha256:2')
    expect(stdout).toContain('  refund-over-500  refunds.cedar, by person:ann\n    @id("refund-over-500")\n    forbid')
    expect(stdout).toContain(
      'session    3 calls before, read untrusted text: yes, sensitive data: no (from the ledger)',
    )
    expect(stdout).toContain('observed   nothing: no tool is called; give it with --observed')
    expect(stdout).toMatch(/The set in force, sha256:1\n\ndeny {2}step1: refund_invoice/)
  })

  test('wants a request that can be read, and approvals as group=count', async () => {
    expect(await simulate('--approval', 'finance')).toMatchObject({ code: 2, stdout: '' })
    expect(await simulate('--observed', 'nowhere.json')).toMatchObject({ code: 2, stdout: '' })
    expect(await simulate('--observed', 'draft.cedar')).toMatchObject({ code: 2, stdout: '' })
  })
})

test('exq policy explain tells policies, authors, what was enough, the set, and what is now', async () => {
  const { code, stdout } = await api.run(['policy', 'explain', 'act_1'])
  expect(code).toBe(0)
  expect(stdout).toContain('require-approval  step1: refund_invoice, round 1, 2026-06-17T10:00:00Z')
  expect(stdout).toContain('  once approved, permitted by\n  support-agent  refunds.cedar, by person:ann')
  expect(stdout).toContain('  enough     Approval: finance 1.')
  expect(stdout).toContain(
    '  under      set 2, sha256:2, by person:ann\n             in force from 2026-06-17T09:00:00Z until now',
  )
  expect(stdout).toContain('  now        deny, otherwise: Never.')
})
