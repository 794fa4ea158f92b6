import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { slackPosts } from '../../src/control-plane/slack/slack-posts.js'
import { createRefusals } from '../../src/slack/refusals.js'
import { openSlackDesk, type SlackDesk, textIn, until } from './slack-desk.js'

let desk: SlackDesk

beforeAll(async () => {
  desk = await openSlackDesk()
  await desk.link('bob', 'UBOB')
})

afterAll(() => desk.close())

/** Messages in #finance are changed no more, for the reason that Slack gives; null: they are again. */
const refuse = (refuses: string | null) => desk.workspace.control('POST', '/_channel', { id: 'C1', refuses })

/** Tells bob and #finance, and lets him reject what he is asked while #finance is as it is. */
async function rejected(request_id: string, refuses: string) {
  const asked = await desk.ask(request_id)
  for (const to of ['#finance', 'person:bob']) await desk.deliver(asked, to)
  await refuse(refuses)
  const path = `/v1/approvals/${asked.approval}`
  const { envelope_digest } = (await desk.http.call('GET', path, { token: desk.http.tokens.bob })).body
  const body = { vote: 'reject', reason: 'not now', envelope_digest }
  expect((await desk.http.call('POST', `${path}/votes`, { token: desk.http.tokens.bob, body })).status).toBe(200)
  await until(async () => (await shown(asked, 'user=UBOB')).includes('Rejected'))
  return asked
}

type Asked = Awaited<ReturnType<typeof rejected>>

const shown = async ({ approval }: Asked, where: string) =>
  textIn((await desk.messages(where)).find((message) => textIn(message).includes(approval)))

const openIn = async ({ action }: Asked) =>
  (await slackPosts(desk.http.plane, 'acme').open(action)).map(({ channel }) => channel)

const warnings = ({ approval }: Asked) =>
  desk.logged.filter((line) => line.includes(approval)).map((line) => (JSON.parse(line) as { msg: string }).msg)

describe('a message that Slack does not let be drawn anew', () => {
  test.each(['is_inactive', 'is_archived'])('for good is left as it is: %s', async (word) => {
    const asked = await rejected(`r-${word}`, word)
    await until(async () => !(await openIn(asked)).includes('C1'))
    expect(await shown(asked, 'channel=C1')).toContain('Approval needed')
    await refuse(null)
  })

  test('for a reason that nobody knows holds up no other, and is drawn once Slack lets it', async () => {
    const asked = await rejected('r-later', 'update_failed')
    for (const to of ['#finance', 'person:bob']) await desk.deliver(asked, to, { notice: 'closed' })
    expect(await openIn(asked)).toContain('C1')
    await until(async () => warnings(asked).length > 0)
    // The sweep looks at it several times meanwhile.
    await new Promise((done) => setTimeout(done, 4_000))
    expect(warnings(asked)).toEqual(['Slack does not let a message be drawn anew; it is tried again'])
    await refuse(null)
    await until(async () => (await shown(asked, 'channel=C1')).includes('Rejected'), 30_000)
  }, 60_000)

  test('is left as it is where that has been so for a day', async () => {
    const asked = await rejected('r-day', 'update_failed')
    await until(async () => warnings(asked).length === 1)
    const pool = desk.http.plane.pool.of('acme')
    await pool.query(`update slack_posts set refused_at = now() - interval '25 hours' where refused_at is not null`)
    await until(async () => !(await openIn(asked)).includes('C1'), 30_000)
    expect(warnings(asked).at(-1)).toBe('a message in Slack is left as it is: it was refused for a day')
    await refuse(null)
  }, 60_000)

  test('is not given up while it is Slack that is not well', async () => {
    const asked = await rejected('r-unwell', 'internal_error')
    await expect(desk.deliver(asked, 'person:bob', { notice: 'closed' })).rejects.toThrow('internal_error')
    const pool = desk.http.plane.pool.of('acme')
    const { rows } = await pool.query('select refused_at from slack_posts where about = $1', [asked.approval])
    expect(rows.map(({ refused_at }) => refused_at)).toEqual([null, null])
    await refuse(null)
    await until(async () => (await shown(asked, 'channel=C1')).includes('Rejected'))
  })
})

test('what was refused is asked for again later and later, five minutes apart at most, and something else at once', () => {
  vi.useFakeTimers()
  try {
    const refusals = createRefusals()
    const place = { channel: 'C1', ts: '1.1' }
    const refusedOnce = () => {
      refusals.note(place, 'one')
      let waited = 0
      for (; refusals.waits(place, 'one'); waited += 100) vi.advanceTimersByTime(100)
      return waited
    }
    const waited = Array.from({ length: 14 }, refusedOnce)
    expect(waited[0]).toBeLessThanOrEqual(1_000)
    expect(waited[4]).toBeGreaterThan(4_000)
    expect(waited.at(-1)).toBeGreaterThanOrEqual(150_000)
    expect(waited.at(-1)).toBeLessThanOrEqual(300_000)
    refusals.note(place, 'one')
    expect(refusals.waits(place, 'two')).toBe(false)
    expect(refusals.waits({ ...place, ts: '1.2' }, 'one')).toBe(false)
    refusals.forget(place)
    expect(refusals.waits(place, 'one')).toBe(false)
  } finally {
    vi.useRealTimers()
  }
})
