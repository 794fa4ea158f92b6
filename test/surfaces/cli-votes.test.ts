import { afterEach, describe, expect, test } from 'vitest'
import { type Answers, type ApiServer, problem, startApi } from './cli-api-server.js'
import { action, actionId, approval, approvalId, held, renderingLines } from './cli-samples.js'

let api: ApiServer
afterEach(() => api.close())

async function run(argv: readonly string[], answers: Answers = {}) {
  api = await startApi({
    [`GET /v1/approvals/${approvalId}`]: approval(),
    [`GET /v1/actions/${actionId}`]: held,
    [`POST /v1/approvals/${approvalId}/votes`]: approval({ state: 'decided' }),
    ...answers,
  })
  const ran = await api.run(argv)
  return { ...ran, votes: api.received.filter(({ method }) => method === 'POST') }
}

describe('approve and reject', () => {
  test('show what is voted for, then vote for exactly that', async () => {
    const { code, stdout, stderr, votes } = await run(['approve', approvalId, '--reason', 'Seen.'])
    expect(code).toBe(0)
    for (const line of renderingLines) expect(stderr).toContain(line)
    expect(stdout).toBe(`approve recorded on ${approvalId}: decided\n`)
    expect(votes).toHaveLength(1)
    expect(votes[0]?.body).toEqual({ vote: 'approve', reason: 'Seen.', envelope_digest: approval().envelope_digest })
    expect(votes[0]?.headers['x-exequatur-surface']).toBe('cli')
  })

  test('find the open approval of an action', async () => {
    const { code, votes } = await run(['reject', actionId, '--reason', 'No.'])
    expect(code).toBe(0)
    expect(votes[0]?.path).toBe(`/v1/approvals/${approvalId}/votes`)
    expect(votes[0]?.body).toMatchObject({ vote: 'reject', reason: 'No.' })
  })

  test('do not vote where an action asks nobody', async () => {
    const answers = { [`GET /v1/actions/${actionId}`]: action() }
    const { code, stderr, votes } = await run(['approve', actionId], answers)
    expect({ code, votes }).toEqual({ code: 1, votes: [] })
    expect(stderr).toMatch(/^EXQ-4001 .*asks nobody/)
  })

  test('do not vote for another envelope than the one named', async () => {
    const { code, stderr, votes } = await run(['approve', approvalId, '--digest', 'sha256:other'])
    expect({ code, votes }).toEqual({ code: 1, votes: [] })
    expect(stderr).toMatch(/^EXQ-4004 /)
  })

  test('pass on why the server takes no vote', async () => {
    const answers = { [`POST /v1/approvals/${approvalId}/votes`]: problem('EXQ-4003', 'fin is asked by nobody') }
    const { code, stdout, stderr } = await run(['approve', approvalId], answers)
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' })
    expect(stderr).toContain('EXQ-4003 This person may not decide this: fin is asked by nobody\n')
  })

  test('write the approval as JSON', async () => {
    const { stdout, stderr } = await run(['approve', approvalId, '-o', 'json'])
    expect(stderr).toBe('')
    expect(JSON.parse(stdout)).toEqual(approval({ state: 'decided' }))
  })
})

describe('inbox', () => {
  test('shows each rendering, and what to type', async () => {
    const { code, stdout, stderr } = await run(['inbox'], { 'GET /v1/approvals': { items: [approval()], next: null } })
    expect(code).toBe(0)
    for (const line of renderingLines.filter(Boolean)) expect(stdout).toContain(`| ${line}\n`)
    expect(stderr).toBe(`To decide: \`exq approve ${approvalId}\` or \`exq reject ${approvalId} --reason <text>\`.\n`)
  })

  test('goes on over pages that hold nothing for this person', async () => {
    const pages = [
      { items: [], next: 'two' },
      { items: [approval()], next: 'three' },
      { items: [], next: null },
    ]
    const { stdout } = await run(['inbox', '-o', 'json'], { 'GET /v1/approvals': () => pages.shift() })
    expect(JSON.parse(stdout)).toEqual({ items: [approval()], next: null })
    expect(api.received.map(({ query }) => query)).toEqual([
      { limit: '20' },
      { limit: '20', cursor: 'two' },
      { limit: '19', cursor: 'three' },
    ])
  })

  test('says when nothing waits', async () => {
    const { stdout } = await run(['inbox'], { 'GET /v1/approvals': { items: [], next: null } })
    expect(stdout).toBe('Nothing waits for you.\n')
  })
})

describe('approving what has flags', () => {
  const name = 'confusable /steps/0/args/invoice_id'
  const flagged = approval({ flags: [{ name, says: 'letters that pass for others: U+0430 (like a)' }] })
  const answers = { [`GET /v1/approvals/${approvalId}`]: flagged }

  test('takes more than a click: the digest of the flags, where nobody can be asked', async () => {
    const { code, stderr, votes } = await run(['approve', approvalId, '--yes'], answers)
    expect({ code, votes }).toEqual({ code: 1, votes: [] })
    expect(stderr).toContain(`EXQ-4040`)
    expect(stderr).toContain(`--acknowledge ${flagged.flags_digest}`)
  })

  test('takes the digest of these flags', async () => {
    const { code, votes } = await run(['approve', approvalId, '--acknowledge', 'sha256:other'], answers)
    expect({ code, votes }).toEqual({ code: 1, votes: [] })
  })

  test('names them in the vote', async () => {
    const { code, votes } = await run(['approve', approvalId, '--acknowledge', flagged.flags_digest], answers)
    expect(code).toBe(0)
    expect(votes[0]?.body).toMatchObject({ vote: 'approve', acknowledged: [name] })
  })

  test('is not in the way of a rejection', async () => {
    const { code, votes } = await run(['reject', approvalId, '--reason', 'No.'], answers)
    expect(code).toBe(0)
    expect(votes[0]?.body).not.toHaveProperty('acknowledged')
  })
})
