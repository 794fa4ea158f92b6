import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Action, openTestDesk, refund, type TestDesk, until } from '../_util/desk.js'

type Seen = Action & {
  readonly attention: readonly { readonly id: string; readonly reason: string }[]
  readonly steps: readonly { readonly looked: Record<string, unknown> | null }[]
}

const creations = 'POST /rest/api/3/issue'

describe('a call that nobody has a clear answer to', () => {
  let desk: TestDesk
  beforeAll(async () => {
    desk = await openTestDesk('settlement', {
      config: fileURLToPath(new URL('fixtures/settlement.config.ts', import.meta.url)),
      env: { tracker: { TRACKER_SEARCH_LAG_MS: '4000' } },
    })
  })
  afterAll(() => desk?.close())

  /** Asks for a ticket, with what goes wrong when it is opened. */
  async function ask(tool: string, summary: string, fault: Record<string, unknown>): Promise<Action> {
    await desk.fault('tracker', { match: creations, times: 1, where: { 'fields[summary]': summary }, ...fault })
    return (await desk.agent.ask(tool, { summary }, 0)).body
  }
  const made = async (summary: string) => {
    const answer = await fetch(`${desk.tracker.url}/_effects?effect=issue.created&summary=${summary}`)
    return ((await answer.json()) as { effects: unknown[] }).effects.length
  }
  const attempts = (id: string) =>
    desk.rows<{ attempt: number }>("select attempt from attempts where action_id = $1 and phase = 'execute'", [id])
  const see = async (id: string) => (await desk.agent.get<Seen>(`/v1/actions/${id}`)).body
  const looks = async (id: string) =>
    (await desk.rows<{ found: string }>('select found from looks where action_id = $1 order by look', [id])).map(
      ({ found }) => found,
    )
  /** The same, without those that the tracker was too slow for. */
  const told = async (id: string) => (await looks(id)).filter((found) => found !== 'unknown')
  /** Waits until a person is asked about an action; resolves to it. */
  async function attended(id: string): Promise<Seen> {
    await until('a person is asked', async () => (await see(id)).attention.length > 0)
    return see(id)
  }
  /** Decides as soon as somebody may: that something did not happen only once it can happen no more. */
  async function decide(seen: Seen, who: string, decision: Record<string, unknown>): Promise<void> {
    const path = `/v1/attention/${seen.attention[0]?.id}`
    const resolve = async () => {
      const { body } = await desk.person(who).get<{ state_digest: string }>(path)
      const said = { reason: 'looked into it', ...decision, state_digest: body.state_digest }
      return desk.person(who).post<{ code?: string }>(`${path}/resolutions`, said)
    }
    let answer = await resolve()
    const over = async () => {
      if (answer.body.code === 'EXQ-5038') answer = await resolve()
      return answer.body.code !== 'EXQ-5038'
    }
    await until('the call can be applied no more', over)
    expect(answer).toMatchObject({ status: 200 })
  }

  describe('to a system that can be asked', () => {
    test('is looked up until it shows, however long search knows nothing of it', async () => {
      const { id } = await ask('open_ticket', 'lag', { mode: 'reset-after-applying' })
      expect(await desk.agent.ended(id)).toMatchObject({ outcome: 'succeeded', steps: [{ effect: 'committed' }] })
      expect((await told(id)).at(0)).toBe('not-committed')
      expect(await made('lag')).toBe(1)
    })

    test('is not made again because it did not show at the first look, and is applied after it', async () => {
      const { id } = await ask('open_ticket', 'late', { mode: 'apply-late', delay_ms: 3_500 })
      const ended = await desk.agent.ended(id)
      expect(ended).toMatchObject({ outcome: 'succeeded', steps: [{ effect: 'committed' }] })
      // What the answer would have said was found again.
      expect(ended.steps[0]?.output).toMatchObject({ ticket_key: expect.stringMatching(/^DESK-/) })
      expect((await told(id)).at(0)).toBe('not-committed')
      expect(await attempts(id)).toHaveLength(1)
      expect(await made('late')).toBe(1)
    })

    test('is made again, once, after a definite no', async () => {
      const { id } = await ask('open_ticket', 'gone', { mode: 'hang-before-applying' })
      expect(await desk.agent.ended(id)).toMatchObject({ outcome: 'succeeded', steps: [{ effect: 'committed' }] })
      expect(await attempts(id)).toHaveLength(2)
      expect(await made('gone')).toBe(1)
      const [no] = await desk.rows<{ late: boolean }>(
        `select l.began_at >= o.recorded_at + interval '13 seconds' as late from looks l join outcomes o using (tenant, action_id)
         where action_id = $1 and o.attempt = 1 and l.looked_at < (select attempted_at from attempts where action_id = $1 and attempt = 2)
         order by l.look desc limit 1`,
        [id],
      )
      expect(no).toEqual({ late: true })
    })
  })

  describe('to a system that promises nothing', () => {
    test('is settled by a look that shows it', async () => {
      const { id } = await ask('send_ticket', 'sent', { mode: 'reset-after-applying' })
      expect(await desk.agent.ended(id)).toMatchObject({ outcome: 'succeeded' })
      expect(await made('sent')).toBe(1)
    })

    test('is made once, and left to a person, whatever does not show; then what the person says is so', async () => {
      const { id } = await ask('send_ticket', 'lost', { mode: 'hang-before-applying' })
      const seen = await attended(id)
      expect(seen).toMatchObject({ outcome: null, attention: [{ reason: 'unknown' }], steps: [{ effect: 'unknown' }] })
      const before = (await looks(id)).length
      await until('it is looked at further', async () => (await looks(id)).length > before + 1)
      expect(new Set(await told(id))).toEqual(new Set(['not-committed']))
      await decide(seen, 'omar', { choice: 'did-not-happen', evidence: 'the list of tickets' })
      expect(await desk.agent.ended(id)).toMatchObject({ outcome: 'failed', steps: [{ effect: 'not-committed' }] })
      expect(await attempts(id)).toHaveLength(1)
      expect(await made('lost')).toBe(0)
    })

    test('is looked at further by a new run where the server ended the one that waited, and settled by a person', async () => {
      const { id, workflow } = await ask('send_ticket', 'ended', { mode: 'hang-before-applying' })
      await attended(id)
      const before = (await looks(id)).length
      await desk.cli.terminate(workflow.id)
      await until('a new run looks at it', async () => (await looks(id)).length > before + 1)
      const seen = await see(id)
      expect(seen).toMatchObject({ outcome: null, attention: [{ reason: 'unknown' }] })
      await decide(seen, 'omar', { choice: 'did-not-happen', evidence: 'the list of tickets' })
      expect(await desk.agent.ended(id)).toMatchObject({ outcome: 'failed', steps: [{ effect: 'not-committed' }] })
      expect(await attempts(id)).toHaveLength(1)
      expect(await made('ended')).toBe(0)
    })

    test('is made again where a person orders that, under another key', async () => {
      const { id } = await ask('send_ticket', 'again', { mode: 'hang-before-applying' })
      await decide(await attended(id), 'omar', { choice: 'attempt-again' })
      expect(await desk.agent.ended(id)).toMatchObject({ outcome: 'succeeded', steps: [{ effect: 'committed' }] })
      const keys = await desk.rows<{ idempotency_key: string; generation: number }>(
        'select idempotency_key, generation from intents where action_id = $1 order by generation',
        [id],
      )
      expect(keys.map(({ generation }) => generation)).toEqual([0, 1])
      expect(new Set(keys.map(({ idempotency_key }) => idempotency_key)).size).toBe(2)
      expect(await made('again')).toBe(1)
    })
  })

  test('that is answered after its deadline keeps the answer, and is settled by a look', async () => {
    const { body } = await desk.agent.ask('open_slowly', { summary: 'slow' }, 0)
    const ended = await desk.agent.ended(body.id)
    expect(ended).toMatchObject({ outcome: 'succeeded', steps: [{ effect: 'committed' }] })
    await until('the answer came', async () => (await late(body.id)).length === 1)
    expect(await late(body.id)).toEqual([{ effect: 'committed', output: ended.steps[0]?.output }])
    expect(await attempts(body.id)).toHaveLength(1)
    expect(await made('slow')).toBe(1)
  })
  const late = (id: string) =>
    desk.rows<{ effect: string; output: unknown }>('select effect, output from late_results where action_id = $1', [id])

  describe('that was answered with a yes', () => {
    const lied = async (amount: number, mode: string) => {
      await desk.fault('billing', { match: 'POST /v1/refunds', mode, times: 1, where: { amount: String(amount) } })
      const { body } = await desk.agent.ask('refund_invoice', refund(amount), 0)
      return attended(body.id)
    }

    test('which nothing followed is found out, and shown beside what is there', async () => {
      const before = await desk.refunds('in_bulk')
      const seen = await lied(1_234, 'lie')
      expect(seen).toMatchObject({
        outcome: null,
        attention: [{ reason: 'diverged' }],
        steps: [{ effect: 'diverged' }],
      })
      expect(seen.steps[0]?.looked).toMatchObject({ claimed: { amount_cents: 1_234 }, observed: null })
      expect(await desk.refunds('in_bulk')).toBe(before)
      await decide(seen, 'ann', { choice: 'did-not-happen', evidence: 'the list of refunds' })
      expect(await desk.agent.ended(seen.id)).toMatchObject({ outcome: 'failed' })
    })

    test('in whose place something else was done is found out, and undone where a person wants that', async () => {
      const seen = await lied(2_468, 'do-otherwise')
      expect(seen.steps[0]).toMatchObject({
        effect: 'diverged',
        looked: { claimed: { amount_cents: 2_468 }, observed: { amount_cents: 1_234 } },
      })
      await decide(seen, 'ann', { choice: 'compensate' })
      expect(await desk.agent.ended(seen.id)).toMatchObject({ outcome: 'compensated', steps: [{ status: 'undone' }] })
    })
  })
})
