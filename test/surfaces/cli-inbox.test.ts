import { afterEach, describe, expect, test } from 'vitest'
import { type Answers, type ApiServer, startApi } from './cli-api-server.js'
import { approval, approvalId } from './cli-samples.js'

let api: ApiServer
afterEach(() => api.close())

async function run(argv: readonly string[], answers: Answers) {
  api = await startApi(answers)
  return api.run(argv)
}

const list = 'GET /v1/approvals'
const ago = (minutes: number) => new Date(Date.now() - minutes * 60_000).toISOString()
const idOf = (letter: string) => `apr_${letter.repeat(26)}`

describe('inbox, as a listing', () => {
  test('tells in a line what would happen, who asks, since when and until when; the riskiest and oldest first', async () => {
    const times = (minutes: number) => ({ sealed_at: ago(minutes), expires_at: ago(-90) })
    const items = [
      approval({ ...times(50), id: idOf('a'), risk: 'medium' }),
      approval({ ...times(5), id: idOf('b'), risk: 'high' }),
      approval({ ...times(30), id: idOf('c'), risk: 'high', flags: [{ name: 'cut /x', says: 'It is cut.' }] }),
      approval({ ...times(1), id: idOf('d'), risk: 'critical' }),
    ]
    const { code, stdout, stderr } = await run(['inbox'], { [list]: { items, next: null } })
    expect(code).toBe(0)
    const rows = stdout
      .trimEnd()
      .split('\n')
      .map((line) => line.split(/ {2,}/))
    expect(rows).toEqual([
      ['RISK', 'WHAT', 'ASKED BY', 'WAITS', 'EXPIRES IN', 'APPROVAL'],
      ['critical', 'Refund: Invoice in_1', 'agent:desk', '60 s', '89 min', idOf('d')],
      ['high', '! Refund: Invoice in_1', 'agent:desk', '30 min', '89 min', idOf('c')],
      ['high', 'Refund: Invoice in_1', 'agent:desk', '5 min 0 s', '89 min', idOf('b')],
      ['medium', 'Refund: Invoice in_1', 'agent:desk', '50 min', '89 min', idOf('a')],
    ])
    expect(stderr).toBe(`All of it: \`exq show ${idOf('d')}\`; then \`exq approve\` or \`exq reject\`.\n`)
  })

  test('names amount and target where what would happen does not', async () => {
    const rendering = JSON.parse(approval().rendering)
    const text = JSON.stringify({
      ...rendering,
      headline: { text: 'Give it back' },
      amount: { cents: 123_450, currency: 'usd' },
      asks: { ...rendering.asks, on_behalf_of: 'person:zoe' },
    })
    const { stdout } = await run(['inbox'], { [list]: { items: [approval({ rendering: text })], next: null } })
    expect(stdout).toContain('Give it back, $1,234.50, Invoice in_1  agent:desk for person:zoe')
  })

  test('goes on over pages that hold nothing for this person', async () => {
    const pages = [
      { items: [], next: 'two' },
      { items: [approval()], next: 'three' },
      { items: [], next: null },
    ]
    const { stdout } = await run(['inbox', '-o', 'json'], { [list]: () => pages.shift() })
    expect(JSON.parse(stdout)).toEqual({ items: [approval()], next: null })
    expect(api.received.map(({ query }) => query)).toEqual([
      { limit: '50' },
      { limit: '50', cursor: 'two' },
      { limit: '49', cursor: 'three' },
    ])
  })

  test('says when nothing waits', async () => {
    const { stdout } = await run(['inbox'], { [list]: { items: [], next: null } })
    expect(stdout).toBe('Nothing waits for you.\n')
  })

  test('lets nothing that came from elsewhere act on the terminal, or pass for a line', async () => {
    const evil = 'x\u001b[2J\u001b]8;;http://evil\u0007\r\u202e\nhigh  Pay me'
    const rendering = JSON.parse(approval().rendering)
    const text = JSON.stringify({
      ...rendering,
      headline: { text: evil },
      target: { text: evil },
      asks: { ...rendering.asks, agent: evil },
    })
    const { stdout } = await run(['inbox'], { [list]: { items: [approval({ rendering: text })], next: null } })
    expect(stdout).not.toMatch(/[^\P{C}\n]/u)
    expect(stdout.trim().split('\n')).toHaveLength(2)
    expect(stdout).toContain(approvalId)
  })
})
