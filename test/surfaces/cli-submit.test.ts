import { afterEach, describe, expect, test } from 'vitest'
import { type Answers, type ApiServer, problem, startApi } from './cli-api-server.js'
import { type Around, folderWith } from './cli-run.js'
import { action, actionId, ended, held, tool } from './cli-samples.js'

let api: ApiServer
afterEach(() => api.close())

/** Submits against a server that accepts everything; gives what arrived there as well. */
async function submit(argv: readonly string[], around: Around = {}, answers: Answers = {}) {
  api = await startApi({
    'POST /v1/actions': { status: 202, body: action() },
    'GET /v1/tools/refund_invoice': tool,
    ...answers,
  })
  const ran = await api.run(['submit', ...argv], around)
  const sent = api.received.find(({ method }) => method === 'POST')
  return { ...ran, sent: sent as NonNullable<typeof sent>, body: sent?.body as Record<string, never> }
}

describe('the request', () => {
  test('is made of the words of the command line', async () => {
    const { code, body, sent } = await submit([
      ...[
        'refund_invoice',
        '--arg',
        'invoice_id=in_123',
        '--arg',
        'reason_code=goodwill',
        '--arg',
        'amount_cents=2000',
      ],
      ...['--ticket', 'zd_1', '--user', 'u_1', '--incident', 'i_1', '--reason', 'Twice.', '--require-approval'],
      ...['--request-id', 'req_1'],
    ])
    expect(code).toBe(0)
    expect(body).toEqual({
      tool: 'refund_invoice',
      args: { invoice_id: 'in_123', reason_code: 'goodwill', amount_cents: 2000 },
      context: {
        request_id: 'req_1',
        ticket_id: 'zd_1',
        user_id: 'u_1',
        incident_id: 'i_1',
        reason: 'Twice.',
        requires_approval: true,
      },
    })
    expect(sent.headers).toMatchObject({ authorization: 'Bearer exq_acme_token', 'content-type': 'application/json' })
    expect(sent.headers.prefer).toBeUndefined()
  })

  test('that joined one which waits says so', async () => {
    const joined = { status: 202, body: { ...action(), joined: true } }
    const argv = ['refund_invoice', '--arg', 'invoice_id=in_1', '--request-id', 'again']
    const { code, stderr } = await submit(argv, {}, { 'POST /v1/actions': joined })
    expect({ code, stderr }).toEqual({
      code: 0,
      stderr: expect.stringContaining(`again is joined with ${actionId}.\n`),
    })
  })

  test('has arguments of the types that the contract declares', async () => {
    const args = ['invoice_id=42', 'customer_message=true', 'amount_cents=7', 'reason_code=goodwill', 'extra=a=b']
    const { body } = await submit(['refund_invoice', ...args.flatMap((arg) => ['--arg', arg])])
    expect(body.args).toEqual({
      invoice_id: '42',
      customer_message: 'true',
      amount_cents: 7,
      reason_code: 'goodwill',
      extra: 'a=b',
    })
  })

  test("of an unknown tool is sent all the same, as the refusal is the server's to record", async () => {
    const args = [
      'one=1',
      'text=plain',
      'list=[1]',
      'yes=true',
      'quoted="1"',
      'long=12345678901234567890',
      '__proto__=1',
    ]
    const unknown = {
      'GET /v1/tools/nope': problem('EXQ-1109', 'nope'),
      'POST /v1/actions': problem('EXQ-1101', 'nope'),
    }
    const { code, body, stderr } = await submit(['nope', ...args.flatMap((arg) => ['--arg', arg])], {}, unknown)
    expect(Object.entries(body.args ?? {})).toEqual([
      ['one', 1],
      ['text', 'plain'],
      ['list', [1]],
      ['yes', true],
      ['quoted', '"1"'],
      ['long', '12345678901234567890'],
      ['__proto__', 1],
    ])
    expect(code).toBe(1)
    expect(stderr).toContain('EXQ-1101 The tool is not known: nope\nNext: List the tools: `exq tools`.\n')
  })

  test('takes all arguments as JSON, and single ones over them', async () => {
    const { body } = await submit([
      ...['refund_invoice', '--args', '{"invoice_id":"in_1","amount_cents":1}', '--arg', 'amount_cents=2'],
      ...['--tool-version', '3'],
    ])
    expect(body).toMatchObject({ version: 3, args: { invoice_id: 'in_1', amount_cents: 2 } })
    expect(api.received.find(({ path }) => path === '/v1/tools/refund_invoice')?.query).toEqual({ version: '3' })
  })

  test('comes whole from a file or from standard input, with options laid over its context', async () => {
    const request = {
      plan: { steps: [{ tool: 'get_invoice', args: {} }] },
      context: { request_id: 'a', ticket_id: 't' },
    }
    const folder = folderWith({ 'request.json': request })
    const around = { cwd: folder.path }
    const { body } = await submit(['--file', 'request.json', '--ticket', 'other'], around)
    expect(body).toEqual({ ...request, context: { request_id: 'a', ticket_id: 'other' } })
    await api.close()
    for (const argv of [['-'], ['--file', '-']]) {
      const { body } = await submit(argv, { stdin: JSON.stringify(request) })
      expect(body).toEqual(request)
      await api.close()
    }
    folder.remove()
    const { code, stderr } = await submit(['-'], { stdin: '[]' })
    expect({ code, stderr }).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('standard input is not a JSON object'),
    })
  })

  test('that is missing as a file is told', async () => {
    const { code, stderr, sent } = await submit(['--file', 'nowhere.json'])
    expect({ code, sent }).toEqual({ code: 2, sent: undefined })
    expect(stderr).toMatch(/^EXQ-7007 The command is not right: .*nowhere\.json does not exist\n/)
  })
})

describe('the request id', () => {
  test('is made up and told where it is missing', async () => {
    const { body, stderr } = await submit(['refund_invoice'])
    const { request_id } = body.context as unknown as { request_id: string }
    expect(request_id).toMatch(/^req_[0-9a-f-]{36}$/)
    expect(stderr).toContain(`request id ${request_id}\n`)
  })

  test('is told with how to repeat the request where no answer came', async () => {
    const { code, stderr, body } = await submit(
      ['refund_invoice', '-o', 'json'],
      {},
      {
        'POST /v1/actions': { status: 200, body: 'cut o' },
      },
    )
    const { request_id } = body.context as unknown as { request_id: string }
    expect(code).toBe(1)
    expect(JSON.parse(stderr)).toMatchObject({
      code: 'EXQ-7006',
      remedy: expect.stringContaining(`--request-id ${request_id}\`: it stays one action.`),
    })
  })
})

describe('--wait', () => {
  test('shows the ending, and what it was waiting for', async () => {
    const rest = [held, held, ended('succeeded')]
    const { code, stdout, stderr, sent } = await submit(
      ['refund_invoice', '--wait'],
      {},
      {
        [`GET /v1/actions/${actionId}`]: () => rest.shift(),
      },
    )
    expect(code).toBe(0)
    expect(sent.headers.prefer).toBe('wait=2')
    expect(stdout).toMatch(/^act_\S+ {2}succeeded\n/)
    expect(stderr.match(/It waits for people/g)).toHaveLength(1)
    expect(api.received.at(-1)?.headers.prefer).toBe('wait=20')
  })

  test('for some seconds exits with 11 when they are over', async () => {
    const { code, stdout, stderr } = await submit(
      ['refund_invoice', '--wait', '0.3', '-o', 'json'],
      {},
      {
        [`GET /v1/actions/${actionId}`]: action(),
      },
    )
    expect({ code, stderr }).toEqual({ code: 11, stderr: '' })
    expect(JSON.parse(stdout)).toEqual(action())
  })

  test('outlives a server that is busy or away for a moment', async () => {
    const rest = [problem('EXQ-1108', 'slowly'), { status: 502, body: '' }, ended('denied')]
    const { code, stderr } = await submit(
      ['refund_invoice', '--wait'],
      {},
      {
        [`GET /v1/actions/${actionId}`]: () => rest.shift(),
      },
    )
    expect(code).toBe(3)
    expect(stderr).toContain('EXQ-3001 The policy denies this: So it ended.\n')
  })
})
