import { afterEach, describe, expect, test } from 'vitest'
import { type Answers, type ApiServer, problem, startApi } from './cli-api-server.js'
import { action, actionId, approval, approvalId, held, renderingLines } from './cli-samples.js'

let api: ApiServer
afterEach(() => api.close())

async function run(argv: readonly string[], answers: Answers = {}) {
  api = await startApi({
    [`GET /v1/approvals/${approvalId}`]: approval(),
    [`GET /v1/actions/${actionId}`]: held,
    [`POST /v1/approvals/${approvalId}/votes`]: approval({ state: 'approved' }),
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
    expect(stdout).toBe(`approve recorded on ${approvalId}: approved\n`)
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
    expect(JSON.parse(stdout)).toEqual(approval({ state: 'approved' }))
  })
})

describe('approving what is too risky to be approved unasked', () => {
  const high = approval({ risk: 'high', approve_by: { slack: true, inbox: false, unasked: false } })
  const answers = { [`GET /v1/approvals/${approvalId}`]: high }

  test.each([['--yes'], ['-o', 'json'], []])('is refused where nobody is asked: %j', async (...options) => {
    const { code, stdout, stderr, votes } = await run(['approve', approvalId, ...options], answers)
    expect({ code, stdout, votes }).toEqual({ code: 2, stdout: '', votes: [] })
    expect(stderr).toContain('EXQ-7008')
    expect(stderr).toContain(`${approvalId} is of high risk`)
    expect(stderr).toContain('approvals.unaskedUpTo')
  })

  test('is not in the way of a rejection, nor of taking an approval back', async () => {
    for (const verb of ['reject', 'withdraw']) {
      const { code, votes } = await run([verb, approvalId, '--yes', '--reason', 'No.'], answers)
      expect({ code, votes: votes.length }).toEqual({ code: 0, votes: 1 })
      await api.close()
    }
    api = await startApi({})
  })

  test('leaves it to the server to say that it is decided already', async () => {
    const { stderr } = await run(['approve', approvalId, '--yes'], {
      [`GET /v1/approvals/${approvalId}`]: { ...high, state: 'approved' },
      [`POST /v1/approvals/${approvalId}/votes`]: problem('EXQ-4002', 'decided'),
    })
    expect(stderr).toContain('EXQ-4002')
  })
})

describe('rejecting several', () => {
  const others = ['apr_aaaaaaaaaaaaaaaaaaaaaaaaaa', 'apr_bbbbbbbbbbbbbbbbbbbbbbbbbb'] as const
  const many = Object.fromEntries(
    others.flatMap((id) => [
      [`GET /v1/approvals/${id}`, approval({ id })],
      [`POST /v1/approvals/${id}/votes`, approval({ id, state: 'rejected' })],
    ]),
  )

  test('shows each, then rejects each once with the same reason', async () => {
    const ids = [approvalId, others[0], others[1], others[0]]
    const { code, stdout, stderr, votes } = await run(['reject', ...ids, '--reason', 'Twice.'], many)
    expect(code).toBe(0)
    expect(votes.map(({ path }) => path)).toEqual([approvalId, ...others].map((id) => `/v1/approvals/${id}/votes`))
    for (const { body } of votes) expect(body).toMatchObject({ vote: 'reject', reason: 'Twice.' })
    for (const id of [approvalId, ...others]) expect(stderr).toContain(`${id}  waiting`)
    expect(stdout.trim().split('\n')).toHaveLength(3)
  })

  test('rejects none where one cannot be shown', async () => {
    const { code, stderr, votes } = await run(['reject', approvalId, 'apr_nowhere', '--reason', 'No.'], {
      ...many,
      'GET /v1/approvals/apr_nowhere': problem('EXQ-4001', 'apr_nowhere'),
    })
    expect({ code, votes }).toEqual({ code: 1, votes: [] })
    expect(stderr).toContain('EXQ-4001')
  })

  test('goes on where one cannot be rejected, and tells it by the exit code', async () => {
    const { code, stdout, stderr, votes } = await run(['reject', ...others, '--reason', 'No.', '-o', 'json'], {
      ...many,
      [`POST /v1/approvals/${others[0]}/votes`]: problem('EXQ-4002', 'decided by others'),
    })
    expect({ code, votes: votes.length }).toEqual({ code: 1, votes: 2 })
    expect(
      stdout
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line).id),
    ).toEqual([others[1]])
    expect(JSON.parse(stderr)).toMatchObject({ code: 'EXQ-4002' })
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
