import { randomUUID } from 'node:crypto'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { ActionView } from '../../src/control-plane/action-view.js'
import type { AttentionView } from '../../src/control-plane/attention/attention-view.js'
import { type Action, openTestDesk, type TestDesk, until } from '../_util/desk.js'
import { bankLines } from './fixtures/attention-tools.js'

const bank = join(tmpdir(), `exequatur-bank-${randomUUID()}.jsonl`)
let desk: TestDesk
beforeAll(async () => {
  desk = await openTestDesk('left-to-people', {
    config: new URL('./fixtures/attention.config.ts', import.meta.url).pathname,
    env: { executor: { ATTENTION_BANK: bank } },
  })
}, 120_000)
afterAll(() => desk?.close())

const get = async (id: string) => (await desk.agent.get<ActionView>(`/v1/actions/${id}`)).body
const submit = async (steps: readonly unknown[]): Promise<Action> =>
  (
    await desk.agent.post<Action>('/v1/actions', {
      plan: { steps },
      context: { request_id: randomUUID(), ticket_id: 'zd_1' },
    })
  ).body
/** Of each step that waits for people, what it waits for. */
const asked = async (id: string) =>
  desk.rows<{ id: string; step: string; phase: string; reason: string }>(
    'select id, step, phase, reason from attentions where action_id = $1 order by opened_at',
    [id],
  )
async function askedAbout(id: string, step: string, phase: string): Promise<string> {
  let found = ''
  await until(`people are asked about ${phase} of ${step}`, async () => {
    found = (await asked(id)).find((row) => row.step === step && row.phase === phase)?.id ?? ''
    return found !== ''
  })
  return found
}
/** That something did not happen can be said only once it can happen no more. */
async function resolve(attention: string, choice: Parameters<TestDesk['resolve']>[2]): Promise<void> {
  for (;;) {
    const { status, body } = await desk.resolve(attention, 'ann', choice)
    if (status === 200) return
    expect(body).toMatchObject({ code: 'EXQ-5038' })
    await pause(500)
  }
}

describe('what was done and no machine can undo', () => {
  const plan = (to: string) => [
    { id: 's1', tool: 'give_money', args: { to: `${to}_1`, refused: false } },
    { id: 's2', tool: 'give_money', args: { to: `${to}_2`, refused: true } },
  ]
  const choicesOf = async (attention: string) =>
    (await desk.person('ann').get<AttentionView>(`/v1/attention/${attention}`)).body.choices.map(({ choice }) => choice)

  test('is left to people before the action ends: it stays', async () => {
    const { id } = await submit(plan('stays'))
    const attention = await askedAbout(id, 's1', 'compensate')
    expect((await get(id)).outcome).toBeNull()
    expect(await choicesOf(attention)).toEqual(['happened', 'leave'])
    await resolve(attention, 'leave')
    expect(await desk.agent.ended(id)).toMatchObject({
      outcome: 'needs-attention',
      explanation: expect.stringMatching(/^EXQ-5006 Still there: s1\./),
    })
    expect(await asked(id)).toHaveLength(1)
  })

  test('is left to people before the action ends: they undid it by hand', async () => {
    const { id } = await submit(plan('by_hand'))
    await resolve(await askedAbout(id, 's1', 'compensate'), 'happened')
    expect((await desk.agent.ended(id)).outcome).toBe('compensated')
    expect(bankLines(bank).filter(({ to }) => to.startsWith('by_hand'))).toHaveLength(1)
  })
})

test('while no executor is there people decide on what was called, and on what cannot even begin, and it ends by that', async () => {
  const wire = (id: string, how: string) => ({ id, tool: 'wire_money', args: { to: `gone_${id}`, cents: 500, how } })
  const { id } = await submit([wire('s1', 'fine'), wire('s2', 'fine'), wire('s3', 'held')])
  await until('the bank is asked', async () => bankLines(bank).some(({ to }) => to === 'gone_s3'))
  await desk.stack.executor.kill('SIGKILL')
  await resolve(await askedAbout(id, 's3', 'execute'), 'did-not-happen')
  const second = await askedAbout(id, 's2', 'compensate')
  expect((await asked(id)).map(({ step, reason }) => `${step} ${reason}`)).toEqual(['s3 unknown', 's2 not-undone'])
  await resolve(second, 'leave')
  await resolve(await askedAbout(id, 's1', 'compensate'), 'happened')
  const ended = await desk.agent.ended(id, 60)
  expect(ended).toMatchObject({ outcome: 'needs-attention' })
  expect(ended.explanation).toMatch(/^EXQ-5006 Still there: s2\./)
  await desk.stack.executor.restart()
  const { outcome } = await desk.agent.ended((await submit([wire('s9', 'fine')])).id, 60)
  expect(outcome).toBe('succeeded')
  expect(bankLines(bank).filter(({ did, to }) => did === 'undone' && to.startsWith('gone'))).toEqual([])
}, 180_000)
