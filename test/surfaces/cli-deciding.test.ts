import { afterEach, describe, expect, test } from 'vitest'
import { type Answers, type ApiServer, startApi } from './cli-api-server.js'
import { approval, approvalId } from './cli-samples.js'
import { exqArgv, type InTerminal, inTerminal, isHere } from './in-terminal.js'

let api: ApiServer
let terminal: InTerminal | undefined
afterEach(async () => {
  await terminal?.end()
  terminal = undefined
  await api.close()
})

const get = `GET /v1/approvals/${approvalId}`
const post = `POST /v1/approvals/${approvalId}/votes`
const money = JSON.stringify({
  ...JSON.parse(approval().rendering),
  amount: { cents: 90_000, currency: 'usd' },
})

async function decide(argv: readonly string[], shown = approval(), answers: Answers = {}) {
  api = await startApi({ [get]: shown, [post]: approval({ state: 'approved' }), ...answers })
  const env = { EXEQUATUR_API: api.url, EXEQUATUR_TOKEN: 'exq_acme_token' }
  terminal = inTerminal([...exqArgv, ...argv], { env })
  return terminal
}

const votes = () => api.received.filter(({ method }) => method === 'POST')

describe.skipIf(!isHere('python3'))('deciding, in a terminal', () => {
  const high = approval({
    risk: 'high',
    rendering: money,
    approve_by: { slack: true, inbox: false, unasked: false },
  })
  const critical = approval({
    risk: 'critical',
    rendering: money,
    approve_by: { slack: false, inbox: false, unasked: false },
  })

  test('shows what is decided on, then asks with amount and target; y decides', async () => {
    const shown = await decide(['approve', approvalId, '--reason', 'Seen.'], high)
    await shown.shows('Approve $900.00 on Invoice in_1?')
    expect(shown.written()).toContain('Why people are asked')
    shown.type('y')
    expect(await shown.exited).toBe(0)
    expect(votes()).toHaveLength(1)
    expect(votes()[0]?.body).toMatchObject({ vote: 'approve', reason: 'Seen.' })
  })

  test.each([
    ['Enter alone', '\r'],
    ['n', 'n'],
    ['Ctrl-C', '\u0003'],
  ])('%s decides nothing', async (_name, keys) => {
    const shown = await decide(['approve', approvalId], high)
    await shown.shows('Approve $900.00 on Invoice in_1?')
    shown.type(keys)
    expect(await shown.exited).toBe(1)
    expect(shown.written()).toContain('Nothing was decided.')
    expect(votes()).toEqual([])
  })

  test('what is critical takes its target, typed', async () => {
    const shown = await decide(['approve', approvalId], critical)
    await shown.shows('It is critical: type in_1')
    shown.type('in_1\r')
    expect(await shown.exited).toBe(0)
    expect(votes()).toHaveLength(1)
  })

  test.each(['y\r', 'in_2\r', '\r'])('another text than the target decides nothing: %j', async (keys) => {
    const shown = await decide(['approve', approvalId], critical)
    await shown.shows('type in_1')
    shown.type(keys)
    expect(await shown.exited).toBe(1)
    expect(votes()).toEqual([])
  })

  test('--yes approves only what may be approved unasked', async () => {
    const shown = await decide(['approve', approvalId, '--yes'], high)
    expect(await shown.exited).toBe(2)
    expect(shown.written()).toContain('EXQ-7008')
    expect(votes()).toEqual([])
    await api.close()
    const low = await decide(['approve', approvalId, '--yes'])
    expect(await low.exited).toBe(0)
    expect(votes()).toHaveLength(1)
  })

  test('a rejection of several is asked about once', async () => {
    const other = 'apr_aaaaaaaaaaaaaaaaaaaaaaaaaa'
    const shown = await decide(['reject', approvalId, other, '--reason', 'No.'], high, {
      [`GET /v1/approvals/${other}`]: approval({ id: other }),
      [`POST /v1/approvals/${other}/votes`]: approval({ id: other, state: 'rejected' }),
    })
    await shown.shows('Reject these 2?')
    shown.type('y')
    expect(await shown.exited).toBe(0)
    expect(votes()).toHaveLength(2)
  })

  test('nothing that an agent wrote acts on the terminal, in what is shown or asked', async () => {
    const evil = 'in_1\u001b[2J\u001b]0;x\u0007\r\u202eReject\u0085'
    const rendering = JSON.parse(money)
    const shown = await decide(['approve', approvalId], {
      ...high,
      target: evil,
      rendering: JSON.stringify({
        ...rendering,
        headline: { text: evil },
        target: { text: evil },
        said: [{ kind: 'reason', text: { text: evil } }],
      }),
    })
    await shown.shows('Approve $900.00 on in_1\\u{1b}[2J')
    for (const act of ['\u001b[2J', '\u001b]0', '\u202e', '\u0085']) expect(shown.written()).not.toContain(act)
    shown.type('n')
    await shown.exited
  })
})
