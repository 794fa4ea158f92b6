import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { outcomes } from '../../src/domain/lifecycle.js'
import { bundleWorkflows } from '../../src/temporal/bundle.js'
import { replayHistory } from '../../src/temporal/replay.js'

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
  test.each(histories)('%s', async (_name, { history, workflow_id }) => {
    await replayHistory(history, workflow_id)
  })

  test('with tracing in the bundle too, so that it can be switched on later', async () => {
    const code = await bundleWorkflows({ traced: true })
    for (const [, { history, workflow_id }] of histories) await replayHistory(history, workflow_id, { code })
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
})
