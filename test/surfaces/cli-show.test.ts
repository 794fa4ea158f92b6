import { afterEach, describe, expect, test } from 'vitest'
import { reasonWords } from '../../src/domain/attention-words.js'
import { type Answers, type ApiServer, problem, startApi } from './cli-api-server.js'
import {
  action,
  actionId,
  approval,
  approvalId,
  attention,
  attentionId,
  ended,
  held,
  renderingLines,
} from './cli-samples.js'

let api: ApiServer
afterEach(() => api.close())

async function run(argv: readonly string[], answers: Answers) {
  api = await startApi(answers)
  return api.run(argv)
}

const ago = (minutes: number) => new Date(Date.now() - minutes * 60_000).toISOString()

describe('show, of an approval request', () => {
  const full = approval({
    risk: 'high',
    sealed_at: ago(5),
    expires_at: ago(-200),
    votes: [
      {
        approver: 'person:ann',
        vote: 'approve',
        reason: 'Seen.',
        method: 'slack',
        at: ago(3),
        revision: 1,
        counts: true,
        self_approved: false,
      },
    ],
    asked: [
      { person: 'person:fred', groups: ['finance'] },
      { person: 'person:omar', groups: ['finance', 'security'] },
    ],
    links: {
      ticket: 'https://desk/zd_1',
      incident: null,
      user: null,
      workflow: 'http://ui/w',
      inbox: 'http://x/inbox',
    },
    budgets: [
      {
        name: 'refunds',
        scope: 'agent agent:desk',
        of: 'spend_cents',
        currency: 'usd',
        limit: 100_000,
        used: 60_000,
        left: 40_000,
        window_ms: 86_400_000,
      },
    ],
  })
  const answers = { [`GET /v1/approvals/${approvalId}`]: full }

  test('draws what a vote is for, line by line', async () => {
    const { code, stdout } = await run(['show', approvalId], answers)
    expect(code).toBe(0)
    for (const line of renderingLines.filter(Boolean)) expect(stdout).toContain(`| ${line}\n`)
  })

  test('tells the risk, the clock, the votes, who else is asked, budgets and addresses', async () => {
    const { stdout, stderr } = await run(['show', approvalId], answers)
    const lines = stdout.split('\n').map((line) => line.trim())
    expect(lines[0]).toBe(`${approvalId}  waiting  high  expires in 3 h`)
    expect(lines).toContainEqual(expect.stringMatching(/^voted +approve by person:ann \(slack\), .*: Seen\.$/))
    expect(lines).toContainEqual(
      expect.stringMatching(/^also asked +person:fred \(finance\), person:omar \(finance, security\)$/),
    )
    expect(lines).toContainEqual(expect.stringMatching(/^waits +for 5 min \d+ s, since /))
    expect(lines).toContainEqual(
      expect.stringMatching(
        /^budget +refunds \(agent agent:desk\): \$400\.00 left, \$600\.00 of \$1,000\.00 used in 1 d \(money spent\)$/,
      ),
    )
    expect(lines).toContainEqual(expect.stringMatching(/^ticket +https:\/\/desk\/zd_1$/))
    expect(lines).toContainEqual(expect.stringMatching(/^workflow +http:\/\/ui\/w$/))
    expect(stderr).toContain(`exq approve ${approvalId}`)
  })

  test('gives exactly what the server answered as JSON', async () => {
    const { stdout, stderr } = await run(['show', approvalId, '-o', 'json'], answers)
    expect({ json: JSON.parse(stdout), stderr }).toEqual({ json: full, stderr: '' })
  })

  test('shows all of what was cut to whoever asks for it, and says how where something is', async () => {
    const cut = { ...full, flags: [{ name: 'cut /steps/0/args/note', says: '2000 characters' }] }
    const said = [{ kind: 'reason', text: { text: 'in the middle of it' } }]
    const whole = JSON.stringify({ ...JSON.parse(full.rendering), said })
    const both = {
      [`GET /v1/approvals/${approvalId}`]: cut,
      [`GET /v1/approvals/${approvalId}/whole`]: {
        id: approvalId,
        envelope_digest: cut.envelope_digest,
        rendering: whole,
      },
    }
    const short = await run(['show', approvalId], both)
    expect(short.stdout).not.toContain('in the middle of it')
    expect(short.stderr).toContain(`exq show ${approvalId} --whole`)
    const long = await api.run(['show', approvalId, '--whole'])
    expect(long.stdout).toContain('| The agent says (not verified): "in the middle of it"\n')
    expect(long.stderr).not.toContain('--whole')
    const json = await api.run(['show', approvalId, '--whole', '-o', 'json'])
    expect(JSON.parse(json.stdout)).toEqual({ ...cut, whole })
    expect((await run(['show', approvalId], answers)).stderr).not.toContain('--whole')
  })

  test('shows all of an approval request, and of nothing else', async () => {
    const { code, stderr } = await run(['show', actionId, '--whole'], {})
    expect(code).toBe(2)
    expect(stderr).toContain('--whole takes the id of an approval request (apr_)')
    expect(api.received).toEqual([])
  })

  test('folds what is too long for a terminal, so that no part looks like a line of its own', async () => {
    const said = `${'x'.repeat(30)} ${'Risk low '.repeat(40)}`
    const rendering = JSON.stringify({
      ...JSON.parse(full.rendering),
      said: [{ kind: 'reason', text: { text: said } }],
    })
    api = await startApi({ [`GET /v1/approvals/${approvalId}`]: { ...full, rendering } })
    const { stdout } = await api.run(['show', approvalId], { tty: true, env: { COLUMNS: '60', NO_COLOR: '1' } })
    const drawn = stdout.split('\n').filter((line) => /^[|:]/.test(line))
    for (const line of drawn) expect(line.length).toBeLessThan(60)
    const from = drawn.findIndex((line) => line.startsWith('| The agent says'))
    expect(drawn.slice(from + 1).length).toBeGreaterThan(5)
    for (const line of drawn.slice(from + 1)) expect(line).toMatch(/^: {6}\S/)
    expect(drawn.slice(from).join(' ').replace(/ : +/g, ' ')).toContain(said.trim())
  })
})

describe('show, of anything else', () => {
  test('shows an action, and with it what it waits for', async () => {
    const answers = { [`GET /v1/actions/${actionId}`]: held, [`GET /v1/approvals/${approvalId}`]: approval() }
    const { code, stdout, stderr } = await run(['show', actionId], answers)
    expect(code).toBe(0)
    expect(stdout).toContain(`${actionId}  in approval`)
    expect(stdout).toContain(`| ${renderingLines[0]}\n`)
    expect(stderr).toContain(`exq approve ${approvalId}`)
  })

  test('shows an action alone to those who may not see what people decide on', async () => {
    const answers = {
      [`GET /v1/actions/${actionId}`]: held,
      [`GET /v1/approvals/${approvalId}`]: problem('EXQ-2002', 'an agent'),
    }
    const { code, stdout } = await run(['show', actionId], answers)
    expect(code).toBe(0)
    expect(stdout).not.toContain('|')
  })

  test('exits with 0 however an action ended, and gives it as JSON', async () => {
    const { code, stdout } = await run(['show', actionId, '-o', 'json'], {
      [`GET /v1/actions/${actionId}`]: ended('denied'),
    })
    expect({ code, json: JSON.parse(stdout) }).toEqual({ code: 0, json: ended('denied') })
    expect(api.received).toHaveLength(1)
  })

  test('shows what needs attention', async () => {
    const { stdout, stderr } = await run(['show', attentionId], { [`GET /v1/attention/${attentionId}`]: attention() })
    expect(stdout).toContain(reasonWords.unknown)
    expect(stderr).toContain(`exq attention resolve ${attentionId}`)
  })

  test('says which ids there are for another', async () => {
    const { code, stderr } = await run(['show', 'frob'], {})
    expect(code).toBe(2)
    expect(stderr).toContain('apr_')
    expect(api.received).toEqual([])
  })

  test('shows an action that asks nobody', async () => {
    await run(['show', actionId], { [`GET /v1/actions/${actionId}`]: action() })
    expect(api.received).toHaveLength(1)
  })
})
