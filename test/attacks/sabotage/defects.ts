import type { Defect } from './defect.js'

const execution = 'activities/execution.ts'
const authorise = 'activities/authorise.ts'

/** Defects that the suite has to notice, each in all the places where a guard would make up for it. */
export const defects: readonly Defect[] = [
  {
    name: 'the digest omits what is asked',
    noticedBy: ['what was asked is changed in the database after the vote'],
    venue: 'room',
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
    name: 'expiry by the clock of the worker',
    noticedBy: ['a vote counts after its time'],
    venue: 'room',
    changes: [
      { file: authorise, find: 'row.left_ms <= 0', put: 'Date.parse(row.expires_at) <= Date.now()' },
      { file: 'activities/approval.ts', find: 'row.left_ms <= 0', put: 'Date.parse(row.expires_at) <= Date.now()' },
      {
        file: 'src/ledger/migrations/0001_ledger.sql',
        find: '\n        and expires_at > clock_timestamp())',
        put: ')',
      },
    ],
  },
  {
    name: 'accounts are counted instead of people',
    noticedBy: ['one person votes from two accounts'],
    venue: 'room',
    changes: [
      {
        file: 'src/control-plane/cast-vote.ts',
        find: 'switch (nextVote(own, {',
        put: 'switch (nextVote(own.filter((each) => each.row.account === caller.account), {',
      },
      {
        file: 'src/domain/vote-revisions.ts',
        find: 'const people = [...new Set(votes.map(({ approver }) => approver))]',
        put: 'const account = (vote: Vote) => (vote as unknown as { row: { account: string } }).row.account\n  const people = [...new Set(votes.map(account))]',
      },
      {
        file: 'src/domain/vote-revisions.ts',
        find: 'votes.filter(({ approver }) => approver === person)',
        put: 'votes.filter((vote) => account(vote) === person)',
      },
      {
        file: 'src/domain/vote-revisions.ts',
        find: 'const whole = own.every(({ revision }, index) => revision === index + 1)',
        put: 'const whole = true',
      },
      {
        file: 'src/domain/approval.ts',
        find: 'approvers.map((approver) => [approver.person, approver])',
        put: 'approvers.map((approver, index) => [String(index), approver])',
      },
    ],
  },
  {
    name: 'a signal is believed',
    noticedBy: ['raw signals of every shape'],
    venue: 'desk',
    changes: [
      {
        file: 'workflows/messages.ts',
        find: "const approvalSignal = defineSignal('approval')",
        put: "const approvalSignal = defineSignal('approval')\nexport let believed = false",
      },
      {
        file: 'workflows/messages.ts',
        find: 'setHandler(approvalSignal, () => {\n    count += 1',
        put: 'setHandler(approvalSignal, (...claims: readonly unknown[]) => {\n    believed ||= (claims[0] as { approved?: boolean } | null | undefined)?.approved === true\n    count += 1',
      },
      {
        file: 'workflows/approval.ts',
        find: "import type { Hints } from './messages.js'",
        put: "import { believed, type Hints } from './messages.js'",
      },
      {
        file: 'workflows/approval.ts',
        find: 'report = await decisions.readApproval(ref)',
        put: "report = believed ? { ...report, state: 'approved' } : await decisions.readApproval(ref)",
      },
      {
        file: 'workflows/action-request.ts',
        find: "import { type Hints, receiveHints } from './messages.js'",
        put: "import { believed, type Hints, receiveHints } from './messages.js'",
      },
      {
        file: 'workflows/action-request.ts',
        find: "    enter('execution')\n",
        put: "    enter('execution')\n    Object.assign(ref, { believed })\n",
      },
      {
        file: execution,
        find: 'principal: agentOf(admitted),\n      args,',
        put: 'principal: agentOf(admitted),\n      ...({ believed: (ref as { believed?: boolean }).believed } as object),\n      args,',
      },
      {
        file: authorise,
        find: "  const row = call.ref.phase === 'execute' ? envelopeOf(admitted, call.round) : undefined\n  if (!row ||",
        put: "  const row = call.ref.phase === 'execute' ? envelopeOf(admitted, call.round) : undefined\n  if ((call as { believed?: boolean }).believed)\n    return { counts: Object.fromEntries(Object.keys(noApprovals(deps.groups)).map((group) => [group, 9])), used: null }\n  if (!row ||",
      },
    ],
  },
  {
    name: 'a completion is believed',
    noticedBy: ['an activity is completed, or failed, by its id'],
    venue: 'desk',
    changes: [
      {
        file: 'workflows/activity-proxies.ts',
        find: '  await run.catch((error) => {\n    if (!(error instanceof ActivityFailure)) throw error\n  })',
        put: '  return (await run.catch((error) => {\n    if (!(error instanceof ActivityFailure)) throw error\n  })) as never',
      },
      {
        file: 'workflows/settlement.ts',
        find: '    await runUnless(isDecided, next, hints)\n',
        put: '    const told = (await runEffect(next)) as unknown as EffectReport | undefined\n',
      },
      {
        file: 'workflows/settlement.ts',
        find: '    let report = await decisions.readEffect(ref)',
        put: '    let report = told ?? (await decisions.readEffect(ref))',
      },
    ],
  },
  {
    name: 'an approval is not used up at once',
    noticedBy: ['sixty-four consumers use one approval at once'],
    venue: 'room',
    changes: [
      {
        file: authorise,
        find: "return written === 'written' ? { startedAt } : 'moved'",
        put: "return written !== 'moved' ? { startedAt } : 'moved'",
      },
    ],
  },
  {
    name: 'the digest of the contract is not checked at the intent',
    noticedBy: ['the executor has other code under the name and version'],
    venue: 'room',
    changes: [
      {
        file: 'activities/retry.ts',
        find: 'deps.tools.get(digest)',
        put: '[...deps.tools.values()].find((each) => each.contract.name === contract.name)',
      },
      {
        file: 'activities/tool-call.ts',
        find: 'deps.tools.get(call.contract.digest) as Tool',
        put: '[...deps.tools.values()].find((each) => each.contract.name === call.contract.contract.name) as Tool',
      },
    ],
  },
  {
    name: 'a revocation is not checked at the attempt',
    noticedBy: ['the agent is revoked, between the intent and a further attempt'],
    venue: 'room',
    changes: [
      {
        file: execution,
        find: 'const held = withheld(admitted, call.contract, call.undo)',
        put: 'const held = last > 0 ? null : withheld(admitted, call.contract, call.undo)',
      },
      {
        file: 'src/evidence/effect.ts',
        find: "const held = withheld(admitted, contract, ref.phase === 'compensate')",
        put: 'const held = null as Withheld | null',
      },
    ],
  },
  {
    name: 'one person fills two slots',
    noticedBy: ['one person in two groups fills both slots of a quorum'],
    venue: 'room',
    changes: [
      {
        file: 'src/domain/approval.ts',
        find: 'const other = held.get(person)',
        put: 'const other = undefined as number | undefined',
      },
    ],
  },
  {
    name: 'the owner may approve',
    noticedBy: ['the owner of an agent approves what it asks for'],
    venue: 'room',
    changes: [
      {
        file: 'src/evidence/votes.ts',
        find: 'const owners = acting.map((id) => id && authority.principal(id)?.owner)',
        put: 'const owners: undefined[] = []',
      },
    ],
  },
  {
    name: 'the signature of a vote is not checked',
    noticedBy: ['a vote is written into the database without a trusted signature'],
    venue: 'room',
    changes: [
      {
        file: 'src/evidence/vote-proof.ts',
        find: 'return deps.verifySignature(vote.key_id, vote.statement, vote.signature)',
        put: 'return true',
      },
    ],
  },
  {
    name: 'a cancellation is believed',
    noticedBy: ['a raw cancellation'],
    venue: 'desk',
    changes: [
      {
        file: 'workflows/messages.ts',
        find: "const approvalSignal = defineSignal('approval')",
        put: "const approvalSignal = defineSignal('approval')\nexport let cancelled = false",
      },
      {
        file: 'workflows/messages.ts',
        find: 'if (isCancellation(error)) count += 1',
        put: 'if (!isCancellation(error)) return\n    cancelled = true\n    count += 1',
      },
      {
        file: 'workflows/action-request.ts',
        find: "import { type Hints, receiveHints } from './messages.js'",
        put: "import { cancelled, type Hints, receiveHints } from './messages.js'",
      },
      {
        file: 'workflows/action-request.ts',
        find: 'return { steps, halt: null,',
        put: "return { steps, halt: cancelled ? 'cancelled' : null,",
      },
    ],
  },
]
