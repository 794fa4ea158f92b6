import { afterEach, describe, expect, test } from 'vitest'
import { type Answers, type ApiServer, type Received, startApi } from './cli-api-server.js'
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
      ['critical', 'Refund: Invoice in_1', 'agent:desk', expect.stringMatching(/^\d+ s$/), '89 min', idOf('d')],
      ['high', '! Refund: Invoice in_1', 'agent:desk', '30 min', '89 min', idOf('c')],
      ['high', 'Refund: Invoice in_1', 'agent:desk', expect.stringMatching(/^5 min \d+ s$/), '89 min', idOf('b')],
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
    expect(JSON.parse(stdout)).toEqual({ items: [approval()], next: null, beyond: false })
    expect(api.received.map(({ query }) => query)).toEqual([
      { limit: '100' },
      { limit: '100', cursor: 'two' },
      { limit: '100', cursor: 'three' },
    ])
  })

  test('begins with the riskiest of all that waits, however young, and goes on where it stopped', async () => {
    const old = ['a', 'b', 'c'].map((letter, at) =>
      approval({ id: idOf(letter), risk: 'low', sealed_at: ago(60 - at) }),
    )
    const young = approval({ id: idOf('d'), risk: 'critical', sealed_at: ago(1) })
    const pages: Answers = {
      [list]: ({ query }: Received) => (query.cursor ? { items: [young], next: null } : { items: old, next: 'two' }),
    }
    const listed = async (...more: string[]) => {
      const { stdout } = await run(['inbox', '--limit', '2', '-o', 'json', ...more], pages)
      const { items, next } = JSON.parse(stdout)
      return { ids: items.map(({ id }: { id: string }) => id), next }
    }
    const first = await listed()
    expect(first).toEqual({ ids: [idOf('d'), idOf('a')], next: expect.any(String) })
    await api.close()
    expect(await listed('--cursor', first.next)).toEqual({ ids: [idOf('b'), idOf('c')], next: null })
    await api.close()
    // What was last listed is decided meanwhile.
    old.shift()
    expect(await listed('--cursor', first.next)).toEqual({ ids: [idOf('b'), idOf('c')], next: null })
    await api.close()
    const { code, stderr } = await run(['inbox', '--cursor', 'two'], pages)
    expect([code, stderr]).toEqual([2, expect.stringContaining('--cursor takes the `next` of a listing')])
  })

  test('says so where more waits than it looks through', async () => {
    const items = Array.from({ length: 100 }, () => approval())
    const { stderr } = await run(['inbox'], { [list]: { items, next: 'more' } })
    expect(api.received).toHaveLength(5)
    expect(stderr).toContain('More waits than can be looked through here. Decide on some of these first.')
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
