import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { createAuthorities } from '../../src/identity/authority.js'
import { publishContract } from '../../src/ledger/queries/publish-contract.js'
import { refundInvoice, registered } from '../_util/contracts.js'
import { freshDatabase, type TestDatabase } from '../_util/database.js'
import { type Answers, type ApiServer, problem, startApi } from './cli-api-server.js'
import { exq } from './cli-run.js'
import { action, actionId } from './cli-samples.js'

const ordered = {
  tenant: 'acme',
  scope: 'agent:desk',
  state: 'stopped',
  pending: 'wait',
  reason: 'Odd.',
  by: 'person:omar',
  acknowledged_at: '2026-06-17T10:00:00.000001Z',
}
const inForce = { scope: 'agent:desk', reason: 'Odd.', pending: 'wait', by: 'person:omar', at: '2026-06-17T10:00:00Z' }

describe('over the API', () => {
  let api: ApiServer
  afterEach(() => api.close())
  const run = async (argv: readonly string[], answers: Answers) => {
    api = await startApi(answers)
    return api.run(argv)
  }

  test.each([
    [['agent', 'desk'], 'agent:desk'],
    [['agent', 'agent:desk'], 'agent:desk'],
    [['owner', 'ann'], 'owner:person:ann'],
    [['owner', 'person:ann'], 'owner:person:ann'],
    [['tool', 'refund_invoice'], 'tool:refund_invoice'],
    [['tenant'], 'tenant'],
    [['all'], 'all'],
  ])('stop %j stops %s', async (what, scope) => {
    const { code, stdout } = await run(['stop', ...what, '--reason', 'Odd.', '--pending', 'wait'], {
      'POST /v1/stops': ordered,
    })
    expect({ code, stdout }).toEqual({
      code: 0,
      stdout: 'agent:desk of acme is stopped, 2026-06-17T10:00:00.000001Z. What it holds waits until it is resumed.\n',
    })
    expect(api.received[0]?.body).toEqual({ scope, reason: 'Odd.', pending: 'wait' })
  })

  test('resume says why', async () => {
    const answers = { 'POST /v1/stops/agent%3Adesk/resume': { ...ordered, state: 'resumed' } }
    const { code, stdout } = await run(['resume', 'agent', 'desk', '--reason', 'Fine.', '-o', 'json'], answers)
    expect({ code, state: JSON.parse(stdout).state }).toEqual({ code: 0, state: 'resumed' })
    expect(api.received[0]?.body).toEqual({ reason: 'Fine.' })
  })

  test('stops lists them', async () => {
    const { stdout } = await run(['stops'], { 'GET /v1/stops': { items: [inForce], next: null } })
    expect(stdout).toMatch(/^SCOPE +PENDING +BY +SINCE +REASON\nagent:desk +wait +person:omar +\S+ +Odd\.\n$/)
  })

  test('get shows what holds an action', async () => {
    const { stdout } = await run(['get', actionId], {
      [`GET /v1/actions/${actionId}`]: action({ stopped: inForce as never }),
    })
    expect(stdout).toContain('Stopped (agent:desk) by person:omar: Odd. It waits until it is resumed.'.slice(0, 40))
    expect(stdout).toContain('waits until it is resumed')
  })

  test.each([
    [['withdraw', 'refund_invoice'], { status: 'withdrawn', note: 'N' }],
    [['deprecate', 'refund_invoice', '2'], { status: 'deprecated', version: 2, note: 'N' }],
    [['restore', 'refund_invoice', 'v1'], { status: 'live', version: 1, note: 'N' }],
  ])('tools %j', async (argv, body) => {
    const answer = { ...ordered, tool: 'refund_invoice', status: body.status, versions: [1], note: 'N' }
    const { code, stdout } = await run(['tools', ...argv, '--note', 'N', '-o', 'json'], {
      'POST /v1/tools/refund_invoice/status': answer,
    })
    expect({ code, status: JSON.parse(stdout).status }).toEqual({ code: 0, status: body.status })
    expect(api.received[0]?.body).toEqual(body)
  })

  test('what the server refuses is told', async () => {
    const { code, stderr } = await run(['stop', 'tenant', '--reason', 'Odd.'], {
      'POST /v1/stops': problem('EXQ-4020', 'person:bob for tenant'),
    })
    expect(code).toBe(1)
    expect(stderr).toMatch(/^EXQ-4020 .*--direct/s)
  })

  test.each([
    ['stop agent --reason x', 'which agent'],
    ['stop tenant acme --reason x', 'takes no name'],
    ['stop world --reason x', 'world cannot be stopped'],
    ['stop agent desk', 'reason'],
    ['stop agent desk --reason x --direct', '--tenant'],
  ])('`%s` is not right: %s', async (line, why) => {
    const { code, stderr } = await run(line.split(' '), {})
    expect(code).toBe(2)
    expect(stderr).toContain(why)
    expect(api.received).toEqual([])
  })
})

test('where no server answers, the way past it is told', async () => {
  const env = { EXEQUATUR_API: 'http://127.0.0.1:1', EXEQUATUR_TOKEN: 'exq_acme_token' }
  const { code, stderr } = await exq(['stop', 'agent', 'desk', '--reason', 'Odd.'], { env })
  expect(code).toBe(1)
  expect(stderr).toMatch(/^EXQ-7006 [\s\S]*exq stop \.\.\. --direct/)
})

describe('straight on the ledger', () => {
  let database: TestDatabase
  beforeAll(async () => {
    database = await freshDatabase()
    await run('person create ann --tenant acme')
    await run('agent create desk --tenant acme --owner ann')
    await publishContract(database.executorPool, 'acme', registered(refundInvoice))
  })
  afterAll(() => database.drop())
  const run = (line: string) => exq(line.split(' '), { env: { DATABASE_URL: database.ownerUrl } })
  const authority = async () => {
    const present = await createAuthorities(database.serverPool, []).current('acme')
    if (!present) throw new Error('there is no tenant acme')
    return present
  }

  test('an operator stops, lists and resumes, without a server', async () => {
    const { code, stdout } = await run('stop agent desk --tenant acme --reason Odd --direct -o json')
    expect(code).toBe(0)
    expect(JSON.parse(stdout)).toMatchObject({ scope: 'agent:desk', state: 'stopped', pending: 'end' })
    expect((await authority()).stops).toMatchObject([{ scope: 'agent:desk', by: expect.stringMatching(/^operator:/) }])
    expect((await run('stops --tenant acme --direct')).stdout).toContain('agent:desk')
    expect((await run('resume agent desk --tenant acme --reason Fine --direct')).code).toBe(0)
    expect((await authority()).stops).toEqual([])
  })

  test('an operator stops everything, for which no tenant is named', async () => {
    const { stdout } = await run('stop all --reason Fire --direct')
    expect(stdout).toMatch(/^Everything is stopped, /)
    expect((await authority()).stops).toMatchObject([{ scope: 'all' }])
    expect((await run('resume all --reason Over --direct')).code).toBe(0)
    expect((await authority()).stops).toEqual([])
  })

  test('an operator withdraws a tool', async () => {
    const { stdout } = await run('tools withdraw refund_invoice --tenant acme --note Wrong --direct')
    expect(stdout).toMatch(/^refund_invoice of acme is withdrawn \(v1\), /)
    expect((await authority()).contracts).toMatchObject([{ status: 'withdrawn', note: 'Wrong' }])
  })

  test('what is misspelt is not stopped', async () => {
    for (const line of ['agent dsek --tenant acme', 'agent desk --tenant acne', 'tool refund --tenant acme'])
      expect((await run(`stop ${line} --reason x --direct`)).stderr).toMatch(/^EXQ-4021 /)
  })
})
