import { afterEach, describe, expect, test } from 'vitest'
import { type Answers, type ApiServer, problem, startApi } from './cli-api-server.js'
import { action, actionId, attention, attentionId } from './cli-samples.js'

let api: ApiServer
afterEach(() => api.close())

const resolution = {
  choice: 'happened',
  reason: 'Seen.',
  evidence: 're_7',
  output: null,
  decided_by: 'person:ann',
  at: '2026-06-17T11:00:00.000Z',
} as const

async function run(argv: readonly string[], answers: Answers = {}) {
  api = await startApi({
    [`GET /v1/attention/${attentionId}`]: attention(),
    [`POST /v1/attention/${attentionId}/resolutions`]: attention({ state: 'decided', choices: [], resolution }),
    ...answers,
  })
  const ran = await api.run(['attention', ...argv])
  return { ...ran, sent: api.received.filter(({ method }) => method === 'POST') }
}

const decide = (...more: string[]) => ['resolve', attentionId, '--reason', 'Seen.', ...more]

describe('exq attention', () => {
  test('lists what is for whoever asks, with its age, and how to look', async () => {
    const page = { items: [attention()], next: null, open: 3, oldest_seconds: 200_000 }
    const { code, stdout, stderr } = await run([], { 'GET /v1/attention': page })
    expect(code).toBe(0)
    expect(stdout).toMatch(/67 min !\s+unknown\s+refund_invoice of \$900\.00 on Invoice in_1/)
    expect(stdout).toContain('3 in this tenant, the oldest for 2 d.')
    expect(stderr).toContain(`exq attention show ${attentionId}`)
  })

  test('passes on what is looked for', async () => {
    const page = { items: [], next: null, open: 0, oldest_seconds: null }
    const argv = ['list', '--all', '--reason', 'late', '--tool', 'refund_invoice', '--older-than', '60', '-o', 'json']
    const { stdout } = await run(argv, { 'GET /v1/attention': page })
    expect(JSON.parse(stdout)).toEqual(page)
    expect(api.received[0]?.query).toEqual({
      limit: '20',
      all: 'true',
      reason: 'late',
      tool: 'refund_invoice',
      older_than: '60',
    })
  })

  test('says when there is nothing', async () => {
    const page = { items: [], next: null, open: 0, oldest_seconds: null }
    expect((await run([], { 'GET /v1/attention': page })).stdout).toBe('Nothing needs your attention.\n')
  })
})

describe('exq attention show', () => {
  test('tells what was claimed and observed, and what each choice does', async () => {
    const at = '2026-06-17T10:01:00.000Z'
    const observed = [
      { generation: 0, found: 'diverged', detail: 'two of them', wanted: { cents: 5 }, shown: { cents: 7 }, at },
    ] as const
    const shown = attention({ reason: 'diverged', effect: 'diverged', observed })
    const { stdout } = await run(['show', attentionId], { [`GET /v1/attention/${attentionId}`]: shown })
    for (const text of [
      'EXQ-5002 no answer in time',
      'diverged: two of them',
      'wanted {"cents":5}, found {"cents":7}',
      'exq_key',
      'overdue',
    ])
      expect(stdout).toContain(text)
    for (const { choice, does } of shown.choices) {
      expect(stdout).toContain(`--${choice}`)
      expect(stdout).toContain(does)
    }
  })

  test.each([
    [['person:ann'], false],
    [[], true],
  ])('says where nobody may decide: %j', async (deciders, said) => {
    const view = attention({ deciders })
    const { stdout } = await run(['show', attentionId], { [`GET /v1/attention/${attentionId}`]: view })
    expect(stdout.includes('nobody may, as things stand')).toBe(said)
  })

  test('takes the id of an action', async () => {
    const open = {
      id: attentionId,
      step: 'step1',
      phase: 'execute',
      reason: 'unknown',
      opened_at: 'x',
      age_seconds: 61,
    }
    const held = action({ attention: [open as never] })
    const { code, stdout } = await run(['show', actionId], { [`GET /v1/actions/${actionId}`]: held })
    expect({ code, shown: stdout.includes(attentionId) }).toEqual({ code: 0, shown: true })
  })

  test('says that nothing of an action does', async () => {
    const { code, stderr } = await run(['show', actionId], { [`GET /v1/actions/${actionId}`]: action() })
    expect(code).toBe(1)
    expect(stderr).toMatch(/^EXQ-5030 /)
  })

  test('does not let what a downstream says act on the terminal', async () => {
    const [attempt] = attention().attempts
    const attempts = [{ ...attempt, error: { code: 'EXQ-5002', detail: '\u001b[2Jgone\nfake: line' } }] as never
    const { stdout } = await run(['show', attentionId], {
      [`GET /v1/attention/${attentionId}`]: attention({ attempts }),
    })
    expect(stdout).not.toContain('\u001b[2J')
    expect(stdout).not.toMatch(/^fake: line/m)
  })
})

describe('exq attention resolve', () => {
  test('shows what is decided on, and decides on exactly that', async () => {
    const { code, stdout, stderr, sent } = await run(decide('--happened', '--evidence', 're_7'))
    expect(code).toBe(0)
    expect(stderr).toContain('refund_invoice of $900.00 on Invoice in_1')
    expect(stdout).toBe(`happened recorded on ${attentionId}\n`)
    expect(sent.map(({ body }) => body)).toEqual([
      { choice: 'happened', reason: 'Seen.', evidence: 're_7', output: null, state_digest: attention().state_digest },
    ])
  })

  test.each([
    ['--did-not-happen', 'did-not-happen'],
    ['--attempt-again', 'attempt-again'],
    ['--compensate', 'compensate'],
    ['--leave', 'leave'],
  ])('%s', async (option, choice) => {
    const { sent } = await run(decide(option))
    expect(sent[0]?.body).toMatchObject({ choice, evidence: null })
  })

  test('gives the output of a call whose answer was lost', async () => {
    const { sent } = await run(decide('--compensate', '--result', '{"refund_id":"re_7"}'))
    expect(sent[0]?.body).toMatchObject({ choice: 'compensate', output: { refund_id: 're_7' } })
  })

  test.each([
    ['no choice', []],
    ['two choices', ['--happened', '--leave']],
    ['an output that is no object', ['--happened', '--result', '[]']],
  ])('decides nothing with %s', async (_, more) => {
    const { code, stderr, sent } = await run(decide(...more))
    expect({ code, sent }).toEqual({ code: 1, sent: [] })
    expect(stderr.split('\n').findLast((line) => line.startsWith('EXQ-'))).toMatch(/^EXQ-5035 /)
  })

  test('takes a reason', async () => {
    const { code, sent } = await run(['resolve', attentionId, '--happened'])
    expect({ code, sent }).toEqual({ code: 2, sent: [] })
  })

  test('decides nothing on other facts than the ones named', async () => {
    const { code, stderr, sent } = await run(decide('--happened', '--digest', 'sha256:other'))
    expect({ code, sent }).toEqual({ code: 1, sent: [] })
    expect(stderr).toMatch(/^EXQ-5033 /)
  })

  test('passes on why the server takes no decision', async () => {
    const answers = { [`POST /v1/attention/${attentionId}/resolutions`]: problem('EXQ-5031', 'ann owns the agent') }
    const { code, stdout, stderr } = await run(decide('--happened', '--evidence', 'x'), answers)
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' })
    expect(stderr).toContain('EXQ-5031')
  })

  test('writes what stands then as JSON', async () => {
    const { stdout, stderr } = await run(decide('--happened', '--evidence', 're_7', '-o', 'json'))
    expect(stderr).toBe('')
    expect(JSON.parse(stdout)).toMatchObject({ id: attentionId, state: 'decided', resolution })
  })
})
