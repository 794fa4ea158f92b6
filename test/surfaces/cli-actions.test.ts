import { afterEach, describe, expect, test } from 'vitest'
import { outcomes } from '../../src/domain/lifecycle.js'
import { type Answers, type ApiServer, problem, startApi } from './cli-api-server.js'
import { action, actionId, approvalId, ended, held, step, tool } from './cli-samples.js'

let api: ApiServer
afterEach(() => api.close())

async function run(argv: readonly string[], answers: Answers) {
  api = await startApi(answers)
  return api.run(argv)
}

const get = `GET /v1/actions/${actionId}`

describe('get', () => {
  test.each(outcomes)('tells by its exit code that an action ended %s', async (outcome) => {
    const codes = {
      succeeded: 0,
      denied: 3,
      rejected: 4,
      expired: 5,
      failed: 6,
      compensated: 7,
      'needs-attention': 8,
      cancelled: 9,
    }
    const { code, stdout, stderr } = await run(['get', actionId], { [get]: ended(outcome) })
    expect(code).toBe(codes[outcome])
    expect(stdout).toMatch(new RegExp(`^${actionId}  ${outcome}\n`))
    if (outcome === 'succeeded') expect(stderr).toBe('')
    else expect(stderr).toMatch(/^EXQ-\d{4} .*: So it ended\.\nNext: .+\n$/)
  })

  test('writes exactly what the server answered as JSON, and nothing else', async () => {
    const { code, stdout, stderr } = await run(['get', actionId, '-o', 'json'], { [get]: ended('denied') })
    expect({ code, stderr }).toEqual({ code: 3, stderr: '' })
    expect(JSON.parse(stdout)).toEqual(ended('denied'))
  })

  test('says what an action waits for', async () => {
    const { code, stdout, stderr } = await run(['get', actionId], { [get]: held })
    expect(code).toBe(0)
    expect(stdout).toContain(`approval  ${approvalId}: finance 1, until 2026-06-18`)
    expect(stderr).toBe(
      `It waits for people: \`exq approve ${approvalId}\` or \`exq reject ${approvalId} --reason <text>\`.\n`,
    )
  })

  test('keeps data out of standard output when there is an error', async () => {
    const answers = { [get]: problem('EXQ-6001', 'not an action you can see') }
    const plain = await run(['get', actionId], answers)
    expect(plain).toEqual({
      code: 1,
      stdout: '',
      stderr: 'EXQ-6001 There is no such action: not an action you can see\nNext: List yours: `exq list`.\n',
    })
    await api.close()
    const json = await run(['get', actionId, '-o', 'json'], answers)
    expect({ code: json.code, stdout: json.stdout }).toEqual({ code: 1, stdout: '' })
    expect(JSON.parse(json.stderr)).toEqual({
      type: 'urn:exequatur:error:EXQ-6001',
      code: 'EXQ-6001',
      title: 'There is no such action',
      detail: 'not an action you can see',
      remedy: 'List yours: `exq list`.',
      retryable: false,
      errors: [],
    })
  })

  test('exits with 10 for a credential that is refused', async () => {
    expect((await run(['get', actionId], { [get]: problem('EXQ-2001', 'revoked') })).code).toBe(10)
  })

  test('shows every field that is wrong', async () => {
    const errors = [
      { pointer: '/args/amount_cents', message: 'must be an integer' },
      { pointer: '/context', message: 'is required' },
    ]
    const body = { code: 'EXQ-1002', title: 'T', detail: 'two things', remedy: 'R.', retryable: false, errors }
    const { stderr } = await run(['get', actionId], { [get]: { status: 400, body } })
    expect(stderr).toBe(
      'EXQ-1002 T: two things\n  /args/amount_cents: must be an integer\n  /context: is required\nNext: R.\n',
    )
  })

  test('asks for an id as it is, whatever is in it', async () => {
    await run(['get', '../tools?x'], {})
    expect(api.received[0]?.path).toBe('/v1/actions/..%2Ftools%3Fx')
  })
})

describe('list', () => {
  const filters = ['--agent', 'desk', '--tool', 'refund_invoice', '--stage', 'trail', '--outcome', 'denied']

  test('filters, and tells how to go on', async () => {
    const { code, stdout, stderr } = await run(
      ['list', ...filters, '--request-id', 'r', '--limit', '2', '--cursor', 'c'],
      {
        'GET /v1/actions': { items: [ended('denied'), action()], next: 'more' },
      },
    )
    expect(code).toBe(0)
    expect(api.received[0]?.query).toEqual({
      agent: 'agent:desk',
      tool: 'refund_invoice',
      stage: 'trail',
      outcome: 'denied',
      request_id: 'r',
      limit: '2',
      cursor: 'c',
    })
    expect(stdout.split('\n').map((line) => line.split(/ {2,}/).slice(0, 3))).toEqual([
      ['ACTION', 'STANDING', 'TOOLS'],
      [actionId, 'denied', 'refund_invoice'],
      [actionId, 'in execution', 'refund_invoice'],
      [''],
    ])
    expect(stderr).toBe('There are more: add `--cursor more`.\n')
  })

  test('gives the page as JSON', async () => {
    const page = { items: [action()], next: null }
    const { stdout } = await run(['list', '-o', 'json'], { 'GET /v1/actions': page })
    expect(JSON.parse(stdout)).toEqual(page)
  })
})

describe('watch', () => {
  const story = [
    action({ stage: 'policy', decision: null }),
    held,
    {
      ...held,
      approval: { ...held.approval, votes: [{ approver: 'person:fin', vote: 'approve', reason: '', at: '' }] },
    },
    action({ steps: [step('running')] }),
    ended('succeeded'),
  ]

  test('tells each change in a line, and ends with the action', async () => {
    const rest = [...story]
    const { code, stdout } = await run(['watch', actionId], { [get]: () => rest.shift() })
    expect(code).toBe(0)
    expect(stdout.split('\n')).toEqual([
      'in policy',
      'in approval',
      'policy: allow. Permitted by desk.',
      `approval ${approvalId}: finance 1, until 2026-06-18T10:00:00.000Z`,
      'approve by person:fin',
      'in execution',
      'step1 refund_invoice: running',
      'step1 refund_invoice: done',
      'succeeded: So it ended.',
      '',
    ])
  })

  test('writes an action a line as JSON', async () => {
    const rest = [held, held, ended('rejected')]
    const { code, stdout, stderr } = await run(['watch', actionId, '-o', 'json'], { [get]: () => rest.shift() })
    expect({ code, stderr }).toEqual({ code: 4, stderr: '' })
    expect(
      stdout
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line)),
    ).toEqual([held, ended('rejected')])
  })
})

test('cancel sends the reason', async () => {
  const { code, stderr } = await run(['cancel', actionId, '--reason', 'Twice.'], {
    [`POST /v1/actions/${actionId}/cancel`]: held,
  })
  expect({ code, stderr }).toEqual({ code: 0, stderr: `The order stands; see it end: \`exq watch ${actionId}\`.\n` })
  expect(api.received[0]?.body).toEqual({ reason: 'Twice.' })
})

describe('tools', () => {
  test('lists the newest of each', async () => {
    const { stdout } = await run(['tools'], { 'GET /v1/tools': { items: [tool], next: null } })
    expect(stdout).toMatch(/^TOOL .*\nrefund_invoice +v1 +medium +reversible +person:ann +live +Refund an invoice\n$/)
  })

  test('shows one contract, in another version if wanted', async () => {
    const { stdout } = await run(['tools', 'refund_invoice', '--tool-version', '1'], {
      'GET /v1/tools/refund_invoice': tool,
    })
    expect(api.received[0]?.query).toEqual({ version: '1' })
    expect(stdout).toMatch(/reason_code +"duplicate_charge" \| "goodwill" +required/)
    expect(stdout).toMatch(/amount_cents +integer +optional, filled from \/observed\/refundable_cents/)
  })
})

test('trail tells the story, and gives all of it as JSON', async () => {
  const at = '2026-06-17T10:00:00.000Z'
  const trail = {
    action: ended('succeeded'),
    entries: [
      {
        at,
        stage: 'policy',
        what: 'round 1: allow step1 (execute)',
        facts: { policy_ids: ['desk'], policy_digest: 'd' },
      },
      { at, stage: 'trail', what: 'ended: succeeded', facts: { explanation: null } },
    ],
    sealed: [{ seq: 1, run_id: 'run', history_digest: 'h', previous: '', digest: 's', at }],
  }
  const answers = { [`GET /v1/actions/${actionId}/trail`]: trail }
  const { stdout } = await run(['trail', actionId], answers)
  expect(stdout).toContain(`${at}  policy  round 1: allow step1 (execute)\n`)
  expect(stdout).toContain('policy ids: ["desk"]\n')
  expect(stdout).toContain(`${at}  trail   ended: succeeded\n`)
  expect(stdout).toContain('number 1 of the chain: run run, history h, seal s')
  await api.close()
  expect(JSON.parse((await run(['trail', actionId, '-o', 'json'], answers)).stdout)).toEqual(trail)
})
