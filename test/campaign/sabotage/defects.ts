import type { Defect } from './defect.js'

const execution = 'activities/execution.ts'
const authorise = 'activities/authorise.ts'
const givenCall = 'activities/given-call.ts'
const toolCall = 'activities/tool-call.ts'
const recordIntent = 'src/ledger/queries/record-intent.ts'
const ledger = 'src/ledger/migrations/0001_ledger.sql'
const settlement = 'src/ledger/migrations/0012_settlement.sql'

const keyGiven = 'idempotencyKey: use.key,'

/** Mistakes that the judge has to see, each in all the places where a guard would make up for it. */
export const defects: readonly Defect[] = [
  {
    name: 'a random key for each attempt',
    scenario: 'executorDies',
    brokenInvariant: 'I2',
    changes: [
      {
        file: givenCall,
        find: keyGiven,
        put: "idempotencyKey: use.key + (use.purpose === 'call' ? Math.random() : ''),",
      },
    ],
  },
  {
    name: 'the key is made from the id of the run',
    scenario: 'beginsAnew',
    brokenInvariant: 'I2',
    changes: [
      {
        file: givenCall,
        find: "import { lease } from './lease.js'",
        put: "import { Context } from '@temporalio/activity'\nimport { lease } from './lease.js'",
      },
      {
        file: givenCall,
        find: keyGiven,
        put: "idempotencyKey: use.key + (use.purpose === 'call' ? Context.current().info.workflowExecution?.runId : ''),",
      },
    ],
  },
  {
    name: 'no claim row',
    scenario: 'executorDies',
    brokenInvariant: 'I2',
    changes: [
      {
        file: recordIntent,
        find: 'select tenant, action_id, step, phase, generation, 1, executor from given, intent)',
        put: 'select tenant, action_id, step, phase, generation, 1, executor from given, intent where false)',
      },
      {
        file: ledger,
        find: '  output jsonb, error jsonb,\n  recorded_at timestamptz not null default now(),\n  primary key (tenant, action_id, step, phase, generation, attempt),\n  foreign key (tenant, action_id, step, phase, generation, attempt) references attempts\n',
        put: '  output jsonb, error jsonb,\n  recorded_at timestamptz not null default now(),\n  primary key (tenant, action_id, step, phase, generation, attempt)\n',
      },
      {
        file: authorise,
        find: "return written === 'written' ? { startedAt } : 'moved'",
        put: "return written !== 'moved' ? { startedAt } : 'moved'",
      },
    ],
  },
  {
    name: 'the claim comes after the call',
    scenario: 'executorDies',
    brokenInvariant: 'I11',
    changes: [
      {
        file: execution,
        find: 'const startedAt = last === 0 ? await authorise(deps, admitted, call) : await fence(deps, admitted, call, last)',
        put: 'const claim = () => (last === 0 ? authorise(deps, admitted, call) : fence(deps, admitted, call, last))\n    const startedAt = presentMoment() as Moment | null',
      },
      {
        file: execution,
        find: '{ attempt: last + 1, startedAt, request: admitted.request })',
        put: '{ attempt: last + 1, startedAt, request: admitted.request }, claim)',
      },
      {
        file: toolCall,
        find: 'call: Call, attempted: Attempted): Promise<CallOutcome | null> {\n  const tool',
        put: 'call: Call, attempted: Attempted, claim: () => Promise<object | null>): Promise<CallOutcome | null> {\n  const tool',
      },
      {
        file: toolCall,
        find: '(late) => void keepLate(deps, call, attempted, late))\n',
        put: '(late) => void keepLate(deps, call, attempted, late))\n  if ((await claim()) === null) return null\n',
      },
    ],
  },
  {
    name: 'an approval is not used up at once',
    scenario: 'twoAtOnce',
    brokenInvariant: 'I6',
    changes: [
      {
        file: authorise,
        find: "return written === 'written' ? { startedAt } : 'moved'",
        put: "return written !== 'moved' ? { startedAt } : 'moved'",
      },
      {
        file: recordIntent,
        find: 'select tenant, envelope_digest, step, generation, action_id from given, intent where envelope_digest is not null)',
        put: 'select tenant, envelope_digest, step, generation, action_id from given, act where envelope_digest is not null)',
      },
      {
        file: ledger,
        find: '  action_id text not null, consumed_at timestamptz not null default now(),\n  primary key (tenant, envelope_digest, step, generation)\n',
        put: '  action_id text not null, consumed_at timestamptz not null default now()\n',
      },
    ],
  },
  {
    name: 'the digest omits what is asked',
    scenario: 'changedAfterApproval',
    brokenInvariant: 'I1',
    changes: [
      {
        file: 'src/domain/envelope.ts',
        find: '  nonce: _n,\n  ...content\n}: Envelope): EnvelopeContent {\n  return content\n',
        put: '  nonce: _n,\n  request: _request,\n  request_digest: _digest,\n  steps: _steps,\n  ...content\n}: Envelope): EnvelopeContent {\n  return content as EnvelopeContent\n',
      },
      {
        file: 'src/evidence/votes.ts',
        find: 'digest(presentContent(admitted, row.round))',
        put: 'digest(contentOf(presentContent(admitted, row.round) as Parameters<typeof contentOf>[0]))',
      },
    ],
  },
  {
    name: 'approvals expire by the clock of a worker',
    scenario: 'lateVote',
    brokenInvariant: 'I6',
    changes: [
      { file: authorise, find: 'row.left_ms <= 0', put: 'Date.parse(row.expires_at) <= Date.now()' },
      { file: 'activities/approval.ts', find: 'row.left_ms <= 0', put: 'Date.parse(row.expires_at) <= Date.now()' },
      {
        file: 'activities/approval.ts',
        find: 'left_ms: row.left_ms,',
        put: 'left_ms: Date.parse(row.expires_at) - Date.now(),',
      },
      {
        file: 'src/ledger/queries/cast-vote.ts',
        find: ' and e.expires_at > clock_timestamp()',
        put: '',
      },
      { file: ledger, find: '\n        and expires_at > clock_timestamp())', put: ')' },
    ],
  },
  {
    name: 'only the account that asked may not approve',
    scenario: 'ownerVotes',
    brokenInvariant: 'I7',
    changes: [
      {
        file: 'src/evidence/votes.ts',
        find: 'const owners = acting.map((id) => id && authority.principal(id)?.owner)',
        put: 'const owners: undefined[] = []',
      },
    ],
  },
  {
    name: 'a budget is read, and then written',
    scenario: 'budgetRace',
    brokenInvariant: 'I5',
    changes: [
      {
        file: authorise,
        find: 'await takeBudgetScopes(db, call.ref.tenant, scopesToHold(deps, admitted, counted))\n',
        put: '\n',
      },
    ],
  },
  {
    name: 'an unknown outcome is taken for a failure',
    scenario: 'noClearAnswer',
    brokenInvariant: 'I4',
    changes: [
      {
        file: 'activities/attempt-call.ts',
        find: "return { effect: 'unknown', output: null, error: { code: 'EXQ-5002', detail } }",
        put: "return definiteNo('EXQ-5002', detail)",
      },
    ],
  },
  {
    name: 'an unknown outcome is tried again where nothing says whether it may be',
    scenario: 'noClearAnswer',
    brokenInvariant: 'I2',
    changes: [
      {
        file: 'src/domain/execution.ts',
        find: "case 'neither':\n      return open ? 'wait' : 'give-up'",
        put: "case 'neither':\n      return open ? 'wait' : exhausted ? 'give-up' : 'call'",
      },
      { file: settlement, find: '    else\n      null;\n  end case;', put: '    else\n      return new;\n  end case;' },
    ],
  },
  {
    name: 'an absence is believed at once',
    scenario: 'noClearAnswer',
    brokenInvariant: 'I2',
    changes: [
      {
        file: 'src/domain/settlement.ts',
        find: 'return settlingMs(promise) + hidden - lastSentMs',
        put: 'return hidden - lastSentMs',
      },
      {
        file: settlement,
        find: "    + milliseconds(promise, 'settling_ms', 2 * (promise ->> 'call_timeout_ms')::bigint)\n",
        put: '',
      },
    ],
  },
  {
    name: 'who slept is not kept from calling',
    scenario: 'zombie',
    brokenInvariant: 'I2',
    changes: [
      {
        file: givenCall,
        find: 'const leftMs = () => call_timeout_ms - msSince(use.startedAt)',
        put: 'const begunAt = { monotonic: performance.now(), wall: Date.now() }\n  const leftMs = () => call_timeout_ms - msSince(begunAt)',
      },
      {
        file: toolCall,
        find: 'const stale = msSince(fencedAt) > freshFenceMs',
        put: 'const stale = msSince(fencedAt) > Number.POSITIVE_INFINITY',
      },
    ],
  },
  {
    name: 'a reset is a new beginning',
    scenario: 'beginsAnew',
    brokenInvariant: 'I2',
    changes: [
      {
        file: execution,
        find: "    if (report.state !== 'none') return report\n    if (!prepared)",
        put: "    const anew = !called && Context.current().info.attempt === 1\n    if (report.state !== 'none' && !anew) return report\n    if (!prepared)",
      },
      {
        file: execution,
        find: 'const startedAt = last === 0 ?',
        put: "const startedAt = report.state !== 'none' ? presentMoment() : last === 0 ?",
      },
    ],
  },
  {
    name: 'what was used up is written by itself, after the call',
    scenario: 'executorDies',
    brokenInvariant: 'I9',
    changes: [
      {
        file: recordIntent,
        find: 'from given, intent where envelope_digest is not null)',
        put: 'from given, intent where envelope_digest is not null and false)',
      },
      {
        file: execution,
        find: "    crashPoint(call.undo ? 'undo.recorded' : 'outcome.recorded')\n",
        put: `    crashPoint(call.undo ? 'undo.recorded' : 'outcome.recorded')
    if (last === 0)
      await deps.pool.of(ref.tenant).query(
        \`insert into consumptions (tenant, envelope_digest, step, generation, action_id)
         select tenant, envelope_digest, step, generation, action_id from intents
         where tenant = $1 and action_id = $2 and step = $3 and phase = 'execute' and envelope_digest is not null
         on conflict do nothing\`,
        [ref.tenant, ref.action_id, ref.step],
      )
`,
      },
    ],
  },
  {
    name: 'what nobody has confirmed is undone',
    scenario: 'noClearAnswer',
    brokenInvariant: 'I4',
    changes: [
      {
        file: 'src/domain/verification.ts',
        find: "if (claimed === 'committed') return found === 'not-committed' ? 'diverged' : found",
        put: "if (claimed === 'committed') return claimed",
      },
      {
        file: 'src/ledger/migrations/0014_undo.sql',
        find: `          and o.effect = 'committed' and not exists (
            select from verifications v
            where (v.tenant, v.action_id, v.step, v.phase, v.generation) = (o.tenant, o.action_id, o.step, o.phase, o.generation)
              and v.found <> 'committed')
        union all`,
        put: "          and o.effect = 'committed'\n        union all",
      },
    ],
  },
]
