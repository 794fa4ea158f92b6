import { constants } from 'node:os'
import { PassThrough } from 'node:stream'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, describe, expect, test } from 'vitest'
import type { ApprovalView } from '../../src/control-plane/approval-view.js'
import { type Answers, type ApiServer, problem, startApi } from './cli-api-server.js'
import { approval } from './cli-samples.js'
import { exqArgv, type InTerminal, inTerminal, isHere } from './in-terminal.js'
import { screenOf } from './screen.js'

const ago = (minutes: number) => new Date(Date.now() - minutes * 60_000).toISOString()
const idOf = (letter: string) => `apr_${letter.repeat(26)}`
const named = (letter: string, changes: Partial<ApprovalView> = {}) => {
  const rendering = { ...JSON.parse(approval().rendering), target: { text: `Invoice in_${letter}` } }
  const text = JSON.stringify({ ...rendering, headline: { text: `Refund ${letter}` } })
  const times = { sealed_at: ago(5), expires_at: ago(-90) }
  return approval({ id: idOf(letter), rendering: text, target: `in_${letter}`, ...times, ...changes })
}

let api: ApiServer
let terminal: InTerminal | undefined
afterEach(async () => {
  await terminal?.end()
  terminal = undefined
  await api.close()
})

/** What waits can be changed while the inbox is open; `tell` says so to whoever watches. */
async function sit(
  argv: readonly string[],
  items: ApprovalView[],
  answers: Answers = {},
  within: readonly string[] = [],
) {
  const waiting = new Map(items.map((each) => [each.id, each]))
  const events = new PassThrough()
  const each = Object.fromEntries(
    ['a', 'b', 'c'].flatMap((letter) => [
      [`GET /v1/approvals/${idOf(letter)}`, () => waiting.get(idOf(letter)) ?? problem('EXQ-4001', 'gone')],
      [
        `POST /v1/approvals/${idOf(letter)}/votes`,
        () => {
          const decided = { ...named(letter), state: 'approved' }
          waiting.delete(idOf(letter))
          return decided
        },
      ],
    ]),
  )
  api = await startApi({
    'GET /v1/approvals': () => ({ items: [...waiting.values()], next: null }),
    'GET /v1/events': () => ({ body: events, headers: { 'content-type': 'text/event-stream' } }),
    ...each,
    ...answers,
  })
  const env = { EXEQUATUR_API: api.url, EXEQUATUR_TOKEN: 'exq_acme_token' }
  terminal = inTerminal([...within, ...exqArgv, 'inbox', ...argv], { env, rows: 24, columns: 100 })
  const tell = () => events.write('event: change\ndata: {"topics":["approvals"]}\n\n')
  return { shown: terminal, waiting, tell }
}

const votes = () => api.received.filter(({ method }) => method === 'POST')
const screen = () => screenOf(terminal?.written() ?? '')
const chosen = () => screen().find((line) => line.startsWith('>'))

describe.skipIf(!isHere('python3'))('the inbox of somebody who sits at a terminal', () => {
  test('fills the screen while it is open, and leaves it as it was', async () => {
    const { shown } = await sit([], [named('a'), named('b', { risk: 'high' })])
    await shown.shows(/2 wait for you.*q quit/s)
    expect(chosen()).toMatch(/^> high +Refund b, Invoice in_b +agent:desk +5 min \d+ s +89 min$/)
    expect(screen()).toContainEqual(expect.stringMatching(/^ {2}medium +Refund a/))
    shown.type('q')
    expect(await shown.exited).toBe(0)
    expect(screen().filter(Boolean)).toEqual([])
    expect(shown.written()).toContain('\u001b[?25h')
  })

  test.each(['SIGTERM', 'SIGHUP'] as const)('leaves the terminal as it was when %s ends it', async (signal) => {
    const inner = `sh -c 'echo "pid $$"; exec "$@"' sh "$@"`
    const { shown } = await sit([], [named('a')], {}, ['sh', '-c', `${inner}; echo "ended $?"; stty -a`, 'sh'])
    const [, pid] = /pid (\d+)/.exec(await shown.shows(/pid \d+.*q quit/s)) ?? []
    process.kill(Number(pid), signal)
    expect(await shown.exited).toBe(0)
    expect(shown.written()).toMatch(new RegExp(`ended ${128 + constants.signals[signal]}\\b`))
    expect(shown.written()).toMatch(/ icanon/)
    expect(shown.written()).toContain('\u001b[?25h')
    expect(screen().some((line) => line.includes('q quit'))).toBe(false)
  })

  test('is drawn anew as soon as the server tells of a change, and keeps the place of whoever reads', async () => {
    const { shown, waiting, tell } = await sit([], [named('a'), named('b')])
    await shown.shows('2 wait for you')
    shown.type('j')
    await shown.shows(/> medium +Refund b/)
    waiting.set(idOf('c'), named('c', { risk: 'critical' }))
    tell()
    await shown.shows('3 wait for you')
    await shown.shows('(live)')
    expect(screen().findIndex((line) => line.includes('Refund c'))).toBeLessThan(
      screen().findIndex((line) => line.startsWith('>')),
    )
    expect(chosen()).toContain('Refund b')
    shown.type('k')
    await shown.shows(/> medium +Refund a/)
    expect(screen()[0]).toMatch(/^3 wait for you/)
    expect(screen().at(-1)).toContain('(live)')
    shown.type('jj\r')
    await shown.shows('Target Invoice in_b')
    shown.type('\u0003')
    expect(await shown.exited).toBe(0)
  })

  test('looks every few seconds where the server does not tell', async () => {
    const { shown, waiting } = await sit([], [named('a')], { 'GET /v1/events': problem('EXQ-1005', 'none here') })
    await shown.shows('1 waits for you')
    waiting.set(idOf('b'), named('b'))
    await shown.shows('2 wait for you')
    await shown.shows('(looks every 2 s)')
    expect(api.received.filter(({ path }) => path === '/v1/events')).toHaveLength(1)
    shown.type('q')
    await shown.exited
  })

  test('shows all of one with Enter, and goes back with Escape', async () => {
    const { shown } = await sit([], [named('a'), named('b', { risk: 'high' })])
    await shown.shows('2 wait for you')
    shown.type('\r')
    await shown.shows(/Why people are asked.*q quit/s)
    expect(screen()[0]).toMatch(new RegExp(`^${idOf('b')}  waiting  high`))
    shown.type('\u001b')
    await shown.shows('2 wait for you')
    shown.type('q')
    await shown.exited
  })

  test('approves the one that is chosen, after the same question as exq approve, and shows the rest', async () => {
    const high = { risk: 'high', approve_by: { slack: true, inbox: false, unasked: false } } as const
    const { shown } = await sit([], [named('a'), named('b', high)])
    await shown.shows('2 wait for you')
    shown.type('a')
    await shown.shows('Approve this, on Invoice in_b?')
    expect(votes()).toEqual([])
    shown.type('y')
    await shown.shows('Any key goes back')
    expect(votes().map(({ path }) => path)).toEqual([`/v1/approvals/${idOf('b')}/votes`])
    shown.type(' ')
    await shown.shows(/1 waits for you.*> medium +Refund a/s)
    shown.type('q')
    expect(await shown.exited).toBe(0)
    expect(screen().join('\n')).toContain(`approve recorded on ${idOf('b')}: approved`)
  })

  test('rejects with a reason that is asked for; without one nothing is decided', async () => {
    const { shown } = await sit([], [named('a')])
    await shown.shows('1 waits for you')
    shown.type('r')
    await shown.shows('Why is it rejected?')
    shown.type('\u0003')
    await shown.shows('Any key goes back')
    shown.type(' ')
    await shown.shows('1 waits for you')
    shown.type('r')
    await shown.shows('Why is it rejected?')
    shown.type('Not due.\r')
    await shown.shows('Reject this, on Invoice in_a?')
    shown.type('y')
    await shown.shows('Any key goes back')
    expect(votes().map(({ body }) => body)).toMatchObject([{ vote: 'reject', reason: 'Not due.' }])
    shown.type(' ')
    await shown.shows('Nothing waits for you.')
    shown.type('q')
    await shown.exited
  })

  test('says that it is not up to date while the server does not answer', async () => {
    let broken = false
    const items = [named('a')]
    const { shown, tell } = await sit([], items, {
      'GET /v1/approvals': () => (broken ? problem('EXQ-9001', 'broken') : { items, next: null }),
    })
    await shown.shows('1 waits for you')
    broken = true
    tell()
    await shown.shows('Not up to date: Something went wrong on our side')
    expect(chosen()).toContain('Refund a')
    shown.type('q')
    await shown.exited
  })

  test('does not open where it is refused from the beginning', async () => {
    const { shown } = await sit([], [], { 'GET /v1/approvals': problem('EXQ-2001', 'revoked') })
    expect(await shown.exited).toBe(10)
    expect(shown.written()).not.toContain('\u001b[?1049h')
    expect(shown.written()).toContain('EXQ-2001')
  })

  test('is a listing with --no-watch', async () => {
    const { shown } = await sit(['--no-watch'], [named('a')])
    expect(await shown.exited).toBe(0)
    expect(shown.written()).not.toContain('\u001b[?1049h')
    expect(screen().join('\n')).toContain(idOf('a'))
  })

  test('lets nothing that came from elsewhere act on the terminal', async () => {
    const evil = '\u001b[2Jx\u001b]8;;http://evil\u0007\r\u202e'
    const rendering = { ...JSON.parse(approval().rendering), headline: { text: evil }, target: { text: evil } }
    const { shown } = await sit([], [named('a', { rendering: JSON.stringify(rendering) })])
    await shown.shows('1 waits for you')
    shown.type('\r')
    await shown.shows('Why people are asked')
    for (const act of ['\u001b[2J', '\u001b]8', '\u202e']) expect(shown.written()).not.toContain(act)
    shown.type('q')
    await shown.exited
  })
})

describe('the inbox that is watched where nobody presses keys', () => {
  test('writes a page a line as JSON, at each change and until it is interrupted', async () => {
    const { shown, waiting, tell } = await sit(['--watch', '-o', 'json'], [named('a')])
    await shown.shows(idOf('a'))
    await sleep(300)
    waiting.set(idOf('b'), named('b'))
    tell()
    await shown.shows(/apr_b{26}[^\n]*\n/)
    shown.type('\u0003')
    expect(await shown.exited).toBe(0)
    const pages = shown
      .written()
      .split(/\r?\n/)
      .filter((line) => line.startsWith('{'))
      .map((line) => JSON.parse(line).items.map(({ id }: { id: string }) => id))
    expect(pages).toEqual([[idOf('a')], [idOf('a'), idOf('b')]])
  })
})
