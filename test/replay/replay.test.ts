import { readdirSync, readFileSync } from 'node:fs'
import { beforeAll, describe, expect, test } from 'vitest'
import { outcomes } from '../../src/domain/lifecycle.js'
import { bundleWorkflows } from '../../src/temporal/bundle.js'
import { replayHistories, replayHistory } from '../../src/temporal/replay.js'

interface Recorded {
  readonly workflow_id: string
  readonly outcome: string
  readonly sdk: string
  readonly history: { readonly events: readonly Record<string, unknown>[] }
}

const folder = new URL('./histories/', import.meta.url)
const histories = readdirSync(folder).map(
  (name) => [name, JSON.parse(readFileSync(new URL(name, folder), 'utf8')) as Recorded] as const,
)

describe('recorded histories replay against the workflow code of today', () => {
  const problems = async (...bundle: { code: string }[]) => {
    const recorded = histories.map(([, { history, workflow_id }]) => ({ workflowId: workflow_id, history }))
    const found: (Error | null)[] = []
    for await (const problem of replayHistories(recorded, ...bundle)) found.push(problem)
    return found
  }
  let found: readonly (Error | null)[] = []
  beforeAll(async () => {
    found = await problems()
  })

  test.each(histories.map(([name], index) => [name, index] as const))('%s', (_name, index) => {
    expect(found[index]).toBeNull()
  })

  test('with tracing in the bundle too, so that it can be switched on later', async () => {
    expect(await problems({ code: await bundleWorkflows({ traced: true }) })).toEqual(histories.map(() => null))
  })

  test('there is a history of every ending', () => {
    expect(new Set(histories.map(([, { outcome }]) => outcome))).toEqual(new Set(outcomes))
  })

  test('a history in which another activity ran does not replay', async () => {
    const recorded = histories.find(([name]) => name.includes('succeeded-write'))?.[1]
    const text = JSON.stringify(recorded?.history).replaceAll('"refund_invoice"', '"refund_everything"')
    await expect(replayHistory(JSON.parse(text), recorded?.workflow_id ?? '')).rejects.toMatchObject({
      code: 'EXQ-6002',
    })
  })

  test('one that does not, or is none, does not keep the others from being replayed', async () => {
    const [first, second] = histories.map(([, { history, workflow_id }]) => ({ workflowId: workflow_id, history }))
    if (!first || !second) throw new Error('there are no histories')
    const other = { ...first, history: JSON.parse(JSON.stringify(first.history).replaceAll('"actionRequest"', '"no"')) }
    const found: unknown[] = []
    for await (const problem of replayHistories([other, first, { ...first, history: {} }, second])) found.push(problem)
    expect(found).toMatchObject([{ code: 'EXQ-6002' }, null, { code: 'EXQ-6002' }, null])
  })
})
