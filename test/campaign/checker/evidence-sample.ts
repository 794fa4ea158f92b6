import type { BookedLine, ClientLine, Evidence, FinalLine } from './evidence.js'

const tenant = 'acme'
const action_id = 'act_1'

const asking: Extract<ClientLine, { kind: 'asking' }> = {
  kind: 'asking',
  at: 1_000,
  tenant,
  agent: 'payer_1',
  request_id: 'r_1',
  steps: [
    { id: 'step1', system: 'keyed', tool: 'pay_by_key', subject: 's_1', amount: 2_500 },
    { id: 'step2', system: 'blind', tool: 'pay_blindly', subject: 's_2', amount: 300 },
  ],
}

export const booked = (subject: string, more: Partial<BookedLine> = {}): BookedLine => ({
  kind: 'effect',
  seq: 1,
  at: 3_010,
  received_at: 3_000,
  system: 'keyed',
  id: `ef_${subject}`,
  of: null,
  tenant,
  action: action_id,
  subject,
  amount: subject === 's_1' ? 2_500 : 300,
  key: `key_${subject}`,
  pid: 7,
  ...more,
})

export const vote = (kind: 'voting' | 'voted', person: string, at: number): Evidence['votes'][number] => ({
  kind,
  at,
  tenant,
  person,
  approval_id: 'apr_1',
  action_id,
  envelope_digest: 'sha256:e',
  vote: 'approve',
  ...(kind === 'voted' && { status: 200 }),
})

export const final = (more: Partial<FinalLine> = {}): FinalLine => ({
  tenant,
  action_id,
  status: 200,
  outcome: 'succeeded',
  code: null,
  steps: [
    { id: 'step1', status: 'done', effect: 'committed' },
    { id: 'step2', status: 'done', effect: 'committed' },
  ],
  waits: null,
  seconds_after_faults: 3,
  ...more,
})

const call = (step: string) => ({ tenant, action_id, step, phase: 'execute', generation: 0 })

/** A small run in which all went well: two steps that needed two people. */
export const sound: Evidence = {
  rules: {
    tiers: { one: 1_000, two: 2_000 },
    groups: { finance: ['ann', 'fred'], security: ['omar'], support: ['olga'] },
    owner: 'fred',
    call_timeout_ms: 4_000,
    settle_within_s: 60,
    approval_ttl_ms: 90_000,
    people_decide: false,
    least_successes: 0.5,
    budgets: [
      { name: 'spend', of: 'spend_cents', limit: 2_800, tools: null },
      { name: 'slots', of: 'writes', limit: 1, tools: ['pay_blindly'] },
    ],
    crash_points: [],
    canary: 'canary',
  },
  clients: [asking, { kind: 'answered', at: 1_100, tenant, request_id: 'r_1', status: 202, action_id, code: null }],
  votes: [
    vote('voting', 'ann', 2_000),
    vote('voted', 'ann', 2_050),
    vote('voting', 'omar', 2_100),
    vote('voted', 'omar', 2_150),
  ],
  orders: [],
  forgeries: [{ at: 1_500, what: 'a vote with an agent’s token', target: 'apr_1', status: 403 }],
  books: [booked('s_1'), booked('s_2', { seq: 2, at: 3_110, received_at: 3_100 })],
  requests: [
    { kind: 'request', at: 3_000, received_at: 3_000, tenant, subject: 's_1', key: 'key_s_1', pid: 7 },
    { kind: 'request', at: 3_100, received_at: 3_100, tenant, subject: 's_2', key: 'key_s_2', pid: 7 },
  ],
  faults: [],
  final: [final()],
  claims: {
    actions: [{ tenant, id: action_id, request_id: 'r_1', outcome: 'succeeded', admitted_at: 1_050, ended_at: 3_200 }],
    intents: ['s_1', 's_2'].map((subject, index) => ({
      ...call(`step${index + 1}`),
      idempotency_key: `key_${subject}`,
      intended_at: 2_900,
      envelope_digest: 'sha256:e',
      tool: index === 0 ? 'pay_by_key' : 'pay_blindly',
    })),
    attempts: ['step1', 'step2'].map((step) => ({ ...call(step), attempt: 1, attempted_at: 2_900 })),
    outcomes: ['step1', 'step2'].map((step) => ({
      ...call(step),
      attempt: 1,
      effect: 'committed',
      recorded_at: 3_150,
    })),
    consumptions: ['step1', 'step2'].map((step) => ({
      tenant,
      envelope_digest: 'sha256:e',
      step,
      action_id,
      generation: 0,
    })),
    attentions: [],
    trails: [
      {
        tenant,
        seq: 1,
        action_id,
        run_id: 'run_1',
        history: '{"events":[]}',
        history_digest: 'sha256:24de1c4a19c43ad41b013f13dcd858c17b0daa7f33a53f19913e5b11366d1c2e',
        previous: 'sha256:0',
        digest: 'sha256:5a26e24f9cb00237d3ba846520d0da6574c5e6697858cac7e5e4fef9fe405ecf',
      },
    ],
  },
  histories: [{ workflow_id: 'acme/act_1', events: 20, replays: true, detail: null }],
  leaks: [],
}
