import { describe, expect, test } from 'vitest'
import type { Evidence, Invariant, OrderLine } from './checker/evidence.js'
import { booked, final, sound, vote } from './checker/evidence-sample.js'
import { checks, judge } from './checker/judge.js'

const [first, second] = sound.books as [(typeof sound.books)[0], (typeof sound.books)[0]]
const trail = sound.claims.trails[0] as (typeof sound.claims.trails)[0]
const claims = (more: Partial<Evidence['claims']>): Partial<Evidence> => ({ claims: { ...sound.claims, ...more } })
const reject = { ...vote('voted', 'ann', 2_500), vote: 'reject' as const }
const withdraw = { ...vote('voted', 'ann', 2_500), vote: 'withdraw' as const }
const stop = { kind: 'stop', tenant: 'acme', tool: 'pay_blindly', at: 2_800, until: 9_000 } as const
const open = { outcome: null, waits: 'person' as const }
const needsAttention = final({ outcome: 'needs-attention' })
const attended = (action_id: string, step: string) =>
  claims({ attentions: [{ tenant: 'acme', action_id, step, opened_at: 3_200 }] })
const again = booked('s_1', { id: 'ef_3', seq: 3 })
const undo = { ...first, kind: 'undo' as const, id: 'un_1', of: first.id, seq: 3 }
const outage = { kind: 'outage', at: -3_000, until: 4_000, back: 5_000, of: 'postgres' } as const
const orderAnew = (more: Pick<OrderLine, 'kind'> & Partial<OrderLine>): OrderLine => ({
  ...{ at: 2_000, tenant: 'acme', person: 'ann', action_id: 'act_1', step: 'step1', choice: 'attempt-again' },
  ...more,
})
const cancelled = (at: number, status: number | null = 200, code: string | null = null) =>
  ({ kind: 'cancelled', at, tenant: 'acme', request_id: 'r_1', action_id: 'act_1', status, code }) as const
const clients = (...lines: readonly ReturnType<typeof cancelled>[]) => ({ clients: [...sound.clients, ...lines] })
const ended = (outcome: string, ended_at: number) =>
  claims({ actions: sound.claims.actions.map((row) => ({ ...row, outcome, ended_at })) })

/** Runs in which one thing each went wrong. */
const violations: readonly (readonly [Invariant, string, Partial<Evidence>])[] = [
  ['I1', 'an effect that nobody asked for', { books: [...sound.books, booked('s_9', { seq: 3 })] }],
  ['I1', 'an effect before it was asked for', { books: [{ ...first, received_at: 900 }] }],
  ['I1', 'another amount than was asked for', { books: [{ ...first, amount: 2_501 }] }],
  ['I1', 'an effect that nobody agreed to', { votes: [] }],
  ['I1', 'an effect that one person too few agreed to', { votes: sound.votes.slice(0, 2) }],
  ['I1', 'a vote that came later', { votes: sound.votes.map((line) => ({ ...line, at: line.at + 5_000 })) }],
  ['I1', 'a vote that was refused', { votes: sound.votes.map((line) => ({ ...line, status: 403 })) }],
  ['I1', 'a vote that was taken back in time', { votes: [...sound.votes, withdraw] }],
  [
    'I1',
    'a vote of whoever owns the agent',
    { votes: sound.votes.map((l) => (l.person === 'ann' ? { ...l, person: 'fred' } : l)) },
  ],
  ['I2', 'the same effect twice', { books: [...sound.books, { ...first, id: 'ef_3', seq: 3 }] }],
  [
    'I2',
    'two effects after one order was given for another step',
    {
      books: [...sound.books, { ...first, id: 'ef_3', seq: 3 }],
      orders: [
        {
          kind: 'ordering',
          at: 2_000,
          tenant: 'acme',
          person: 'ann',
          action_id: 'act_1',
          step: 'step2',
          choice: 'attempt-again',
        },
      ],
    },
  ],
  ...(
    [
      [
        'after an order that was refused',
        [orderAnew({ kind: 'ordering' }), orderAnew({ kind: 'ordered', status: 409 })],
      ],
      ['before anybody ordered it', [orderAnew({ kind: 'ordering', at: first.at + 1 })]],
    ] as const
  ).map(
    ([when, orders]) =>
      ['I2', `two effects ${when}`, { books: [...sound.books, { ...first, id: 'ef_3', seq: 3 }], orders }] as const,
  ),
  [
    'I2',
    'the same undo twice',
    {
      books: [...sound.books, ...['un_1', 'un_2'].map((id) => ({ ...first, kind: 'undo' as const, id, of: first.id }))],
    },
  ],
  ['I3', 'an action that is gone', { final: [] }],
  ['I3', 'an action that cannot be read', { final: [final({ status: 404 })] }],
  ['I3', 'an action that stays open without anybody being asked', { final: [final({ outcome: null })] }],
  [
    'I3',
    'an action that waits for a person where people decide all they are asked',
    { final: [final(open)], rules: { ...sound.rules, people_decide: true } },
  ],
  ['I3', 'an action that takes too long', { final: [final({ seconds_after_faults: 61 })] }],
  ['I4', 'success without an effect', { books: [second] }],
  ['I4', 'success that was undone', { books: [...sound.books, { ...first, kind: 'undo', id: 'un_1', of: first.id }] }],
  ['I4', 'failure with an effect', { final: [final({ outcome: 'failed' })] }],
  ['I4', 'an ending of no effect with one', { final: [final({ outcome: 'expired' })] }],
  ['I4', 'compensated, and still there', { final: [final({ outcome: 'compensated' })] }],
  ['I4', 'an ending that nobody knows', { final: [final({ outcome: 'fine' })] }],
  ['I4', 'an open action of which nobody is told', { final: [final({ outcome: null })] }],
  ['I4', 'an ending that needs attention, of which nobody was told', { final: [needsAttention] }],
  [
    'I4',
    'an ending that needs attention, where people were asked about another action',
    { final: [needsAttention], ...attended('act_2', 'step1') },
  ],
  [
    'I4',
    'an ending that needs attention, where people were asked about what is undone by now',
    {
      final: [{ ...needsAttention, steps: [{ id: 'step1', status: 'undone', effect: 'committed' }] }],
      books: [first, undo],
      ...attended('act_1', 'step1'),
    },
  ],
  ['I4', 'a step that is said to have happened', { books: [first], final: [final(open)] }],
  [
    'I4',
    'a step that is said not to have happened',
    {
      final: [final({ ...open, steps: [{ id: 'step1', status: 'failed', effect: 'not-committed' }] })],
    },
  ],
  [
    'I4',
    'a step that is said to be undone',
    {
      final: [final({ ...open, steps: [{ id: 'step1', status: 'undone', effect: 'committed' }] })],
    },
  ],
  [
    'I4',
    'a step that is said to be skipped',
    {
      final: [final({ ...open, steps: [{ id: 'step2', status: 'skipped', effect: null }] })],
    },
  ],
  ['I4', 'success whose cancellation was taken', clients(cancelled(2_000))],
  [
    'I4',
    'a cancellation that came too late of what is open',
    { ...clients(cancelled(2_000, 409, 'EXQ-6003')), final: [final(open)] },
  ],
  ['I4', 'a cancellation that was refused for no reason', clients(cancelled(2_000, 404, 'EXQ-6001'))],
  [
    'I4',
    'what expired before its time',
    { books: [], final: [final({ outcome: 'expired', steps: [] })], ...ended('expired', 80_000) },
  ],
  ['I5', 'more money than the budget has', { books: [...sound.books, booked('s_1', { amount: 1, seq: 3 })] }],
  ['I5', 'more writes than the budget has', { books: [...sound.books, booked('s_2', { amount: -300, seq: 3 })] }],
  ['I5', 'money that is spent before it is given back', { books: [first, second, again, { ...undo, seq: 4 }] }],
  ['I5', 'money that is given back twice', { books: [first, undo, { ...undo, seq: 4 }, again, { ...again, seq: 6 }] }],
  [
    'I5',
    'money that is given back for what somebody else had undone',
    { books: [first, second, { ...undo, tenant: 'globex' }, again] },
  ],
  [
    'I5',
    'a write that is given back',
    { books: [second, { ...second, kind: 'undo', id: 'un_2', of: second.id }, { ...second, seq: 4 }] },
  ],
  [
    'I5',
    'a budget that leaks',
    { rules: { ...sound.rules, budgets: [{ name: 'slots', of: 'writes', limit: 3, tools: null, used_up: true }] } },
  ],
  [
    'I6',
    'one envelope for two actions',
    { votes: [...sound.votes, { ...vote('voting', 'ann', 2_200), action_id: 'act_2' }] },
  ],
  [
    'I6',
    'an approval that is used up twice',
    claims({ consumptions: [...sound.claims.consumptions, ...sound.claims.consumptions] }),
  ],
  ['I6', 'an effect after a rejection', { votes: [...sound.votes, reject] }],
  ['I6', 'a vote that was taken after its time', { votes: sound.votes.map((line) => ({ ...line, expires_at: 900 })) }],
  ['I7', 'a vote of the owner that was taken', { votes: [...sound.votes, vote('voted', 'fred', 2_300)] }],
  ['I7', 'a vote of somebody who decides on nothing', { votes: [...sound.votes, vote('voted', 'olga', 2_300)] }],
  ['I8', 'an effect in another tenant', { books: [...sound.books, booked('s_1', { tenant: 'globex', seq: 3 })] }],
  [
    'I8',
    'a forgery that was answered with success',
    { forgeries: [{ at: 1, what: 'a vote', target: 'apr_1', status: 200 }] },
  ],
  [
    'I8',
    'a forgery that was answered with an error of ours',
    { forgeries: [{ at: 1, what: 'a vote', target: 'apr_1', status: 500 }] },
  ],
  [
    'I8',
    'one id in two tenants',
    claims({ actions: [...sound.claims.actions, { ...sound.claims.actions[0], tenant: 'globex' } as never] }),
  ],
  ['I9', 'a history that was changed', claims({ trails: [{ ...trail, history: '{}' }] })],
  ['I9', 'a link that was changed', claims({ trails: [{ ...trail, run_id: 'run_2' }] })],
  ['I9', 'a link that is missing', claims({ trails: [{ ...trail, seq: 2 }] })],
  ['I9', 'a link that names no link', claims({ trails: [{ ...trail, previous: 'sha256:1' }] })],
  ['I9', 'an effect without an intent', claims({ intents: sound.claims.intents.slice(1) })],
  [
    'I9',
    'an intent after its effect',
    claims({ intents: sound.claims.intents.map((row) => ({ ...row, intended_at: 4_000 })) }),
  ],
  ['I9', 'an effect without an attempt', claims({ attempts: [] })],
  ['I9', 'an effect that used up no approval', claims({ consumptions: [] })],
  [
    'I9',
    'a history that does not replay',
    { histories: [{ workflow_id: 'acme/act_1', events: 3, replays: false, detail: 'x' }] },
  ],
  ['I10', 'a secret in a log', { leaks: ['logs/server.log'] }],
  ['I11', 'a request without an attempt', claims({ attempts: sound.claims.attempts.slice(1) })],
  [
    'I11',
    'a request before its attempt',
    claims({ attempts: sound.claims.attempts.map((row) => ({ ...row, attempted_at: 3_050 })) }),
  ],
  ['I11', 'a second request with one attempt', { requests: [...sound.requests, ...sound.requests] }],
  [
    'I11',
    'a request long after the ledger went away',
    {
      faults: [outage],
    },
  ],
  ['I12', 'an intent after a stop was acknowledged', { faults: [stop] }],
  ['I12', 'an intent after a cancellation was acknowledged', clients(cancelled(2_800))],
  ['I12', 'a request long after a stop was acknowledged', { faults: [{ ...stop, at: -3_000 }] }],
]

describe('the judge', () => {
  test('finds nothing wrong where nothing is', () => {
    expect(judge(sound)).toEqual([])
  })

  test.each(violations)('%s: sees %s', (invariant, _name, change) => {
    const found = checks[invariant]({ ...sound, ...change })
    expect(found.length).toBeGreaterThan(0)
    expect(new Set(found.map((violation) => violation.invariant))).toEqual(new Set([invariant]))
  })

  test('has been seen to see each invariant broken', () => {
    expect(new Set(violations.map(([invariant]) => invariant))).toEqual(new Set(Object.keys(checks)))
  })

  test('takes a vote that a server in trouble answered for one that may have been taken', () => {
    const votes = sound.votes.map((line) => ({ ...line, ...(line.kind === 'voted' && { status: 503 }) }))
    expect(checks.I1({ ...sound, votes })).toEqual([])
  })

  test('lets a person order another attempt', () => {
    const books = [...sound.books, { ...first, id: 'ef_3', seq: 3 }]
    expect(checks.I2({ ...sound, books, orders: [orderAnew({ kind: 'ordering' })] })).toEqual([])
    const unanswered = [orderAnew({ kind: 'ordering' }), orderAnew({ kind: 'ordered', status: null })]
    expect(checks.I2({ ...sound, books, orders: unanswered })).toEqual([])
  })

  test('lets a person accept what the downstream did instead, and only what it did', () => {
    const happened = {
      ...{ kind: 'ordered' as const, at: 3_500, tenant: 'acme', person: 'ann', action_id: 'act_1' },
      ...{ step: 'step1', choice: 'happened', status: 200 },
    }
    const books = [{ ...first, amount: 2_501 }, second]
    expect(checks.I4({ ...sound, books })).not.toEqual([])
    expect(checks.I4({ ...sound, books, orders: [happened] })).toEqual([])
    const undone = [...books, { ...first, kind: 'undo' as const, id: 'un_1', of: first.id, amount: 2_501 }]
    const said = [final({ outcome: 'compensated', steps: [{ id: 'step1', status: 'undone', effect: 'committed' }] })]
    const gone = { ...sound, books: undone.filter(({ subject }) => subject === 's_1'), final: said }
    expect(checks.I4({ ...gone, orders: [{ ...happened, choice: 'compensate' }] })).toEqual([])
    expect(checks.I4(gone)).not.toEqual([])
    expect(checks.I4({ ...sound, books: [second], orders: [happened] })).not.toEqual([])
  })

  test('lets money that was undone be spent again', () => {
    expect(checks.I5({ ...sound, books: [first, second, undo, again] })).toEqual([])
  })

  test('counts what was asked for where the downstream takes more', () => {
    expect(checks.I5({ ...sound, books: [{ ...first, amount: 2_501 }, second] })).toEqual([])
  })

  test('lets an action need attention where people were asked about what is left of it', () => {
    const left = { final: [needsAttention], ...attended('act_1', 'step2') }
    expect(checks.I4({ ...sound, ...left })).toEqual([])
    const doubtful = [{ id: 'step1', status: 'failed', effect: 'unknown' }]
    const unclear = { ...sound, books: [], final: [{ ...needsAttention, steps: doubtful }] }
    expect(checks.I4({ ...unclear, ...attended('act_1', 'step1') })).toEqual([])
    const denied = [{ id: 'step1', status: 'failed', effect: 'not-committed' }]
    const late = { ...sound, books: [], final: [{ ...needsAttention, steps: denied }], ...attended('act_1', 'step1') }
    expect(checks.I4(late)).toHaveLength(1)
    const decision = orderAnew({ kind: 'ordered', choice: 'did-not-happen', status: 200 })
    expect(checks.I4({ ...late, orders: [decision] })).toEqual([])
  })

  test('lets a cancellation come too late, be asked for again, or be taken, and what was done be undone', () => {
    expect(
      judge({ ...sound, ...clients(cancelled(4_000, null), cancelled(5_000, 503), cancelled(6_000, 409, 'EXQ-6003')) }),
    ).toEqual([])
    const undone = sound.books.map((line) => ({
      ...line,
      kind: 'undo' as const,
      id: `un_${line.subject}`,
      of: line.id,
    }))
    const steps = ['step1', 'step2'].map((id) => ({ id, status: 'undone', effect: 'committed' }))
    const taken = { ...clients(cancelled(3_150)), ...ended('compensated', 3_400) }
    const evidence = {
      ...sound,
      ...taken,
      books: [...sound.books, ...undone],
      final: [final({ outcome: 'compensated', steps })],
    }
    expect(judge(evidence)).toEqual([])
    expect(checks.I4({ ...evidence, books: sound.books })).not.toEqual([])
  })

  test('lets what nobody decided on expire in its time', () => {
    const rest = { books: [], requests: [], votes: [], claims: { ...sound.claims, ...ended('expired', 91_100).claims } }
    expect(checks.I4({ ...sound, ...rest, final: [final({ outcome: 'expired', steps: [] })] })).toEqual([])
  })

  test('takes no error for a refusal but while something is away', () => {
    const forgeries = [{ at: 6_000, what: 'a vote', target: 'apr_1', status: 503 }]
    expect(checks.I8({ ...sound, forgeries, faults: [outage] })).toEqual([])
    expect(checks.I8({ ...sound, forgeries, faults: [{ ...outage, back: -10_000 }] })).not.toEqual([])
  })

  test('holds no effect against us that the downstream made of something else', () => {
    const requests = sound.requests.map((line) => ({ ...line, mode: 'other-amount' }))
    expect(checks.I1({ ...sound, requests, books: [{ ...first, amount: 2_501 }] })).toEqual([])
  })
})
