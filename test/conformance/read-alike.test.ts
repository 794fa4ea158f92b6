import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { attemptCall } from '../../activities/attempt-call.js'
import { defineTool } from '../../src/contract/define-tool.js'
import type { Tool, ToolCall } from '../../src/contract/tool.js'
import type { ToolCheck } from '../../src/contract/tool-checks.js'
import { secretsOf } from '../../src/credentials/secrets.js'
import { checkTool } from '../../src/testing/index.js'
import { openStage, type Setting } from '../../src/testing/stage.js'

const account = 'acc_1'
const output = { payment_id: 'pay_1' }

/** Answers with one error, whatever it is asked to do or to undo. */
function answering(error: unknown): Tool {
  const say = () => Promise.reject(error)
  return defineTool({
    ...{ name: 'pay_in', version: 1, owner: 'person:ann', risk: 'low', effect: 'reversible' },
    ...{ title: 'Pay in', description: 'Pays one coin into an account.' },
    input: z.strictObject({ account: z.string() }),
    output: z.strictObject({ payment_id: z.string() }),
    resource: { type: 'Account', id: '/args/account' },
    downstream: { class: 'queryable', callTimeout: '1m', answers: { busy: 'no', 409: 'yes', 503: 'unknown' } },
    undo: { class: 'queryable', callTimeout: '200ms', answers: { busy: 'unknown', 409: 'no', gone: 'yes' } },
    execute: say,
    verify: async () => 'unknown',
    compensate: say,
  })
}

const check: ToolCheck = { input: { account }, world: { effects: async () => 0 } }
const settingOf = (tool: Tool): Setting => ({
  ...{ tool, check, relay: null, said: [], secrets: new Set<string>(), endings: new Set<Promise<void>>() },
})

/** What an executor takes the same answer for. */
async function executed(tool: Tool, phase: 'execute' | 'compensate'): Promise<string> {
  const undo = phase === 'compensate'
  const call = {
    ref: { tenant: 't', action_id: 'act_1', step: 'step1', phase, generation: 0 },
    ...{ round: 1, contract: tool.contract, args: { account }, undo, undoes: { output, attempt: 1 } },
    principal: {},
  }
  const given = {
    ...{ idempotencyKey: 'key', credentials: {}, signal: new AbortController().signal, tenant: 't', actionId: 'act_1' },
    ...{ secrets: secretsOf([]), leftMs: () => 1_000, release: async () => undefined },
  }
  const { effect } = await attemptCall(
    tool,
    call as never,
    async () => given,
    () => undefined,
  )
  return effect
}

describe('a check takes an answer for what an executor takes it for', () => {
  const errors = [
    { code: 'busy', status: 503 },
    { code: 'other', status: 503 },
    { statusCode: 409, status: 503 },
    { code: 'gone' },
    { code: 'gone', statusCode: 409 },
    { code: 'toString' },
    { status: 500 },
  ]
  test.each(errors)('%o', async (facts) => {
    const tool = answering(Object.assign(new Error('no'), facts))
    const stage = await openStage(settingOf(tool))
    const tried = [(await stage.execute()).effect, (await stage.compensate(output)).effect]
    expect(tried).toEqual([await executed(tool, 'execute'), await executed(tool, 'compensate')])
  })

  test('by the most exact name, and by what is promised of the call', async () => {
    const stage = await openStage(settingOf(answering(Object.assign(new Error('no'), errors[0]))))
    expect((await stage.execute()).effect).toBe('not-committed')
    expect((await stage.compensate(output)).effect).toBe('unknown')
  })
})

test('an undoing, and a look at one, have the time that is promised of it', async () => {
  const until = (signal: AbortSignal) =>
    new Promise<never>((_, reject) => signal.addEventListener('abort', () => reject(signal.reason), { once: true }))
  const endless = (call: ToolCall) => until(call.signal)
  const tool: Tool = {
    ...answering(new Error('no')),
    compensate: (_args, _output, call) => endless(call),
    verifyCompensation: (_args, _output, call) => endless(call),
  }
  const stage = await openStage(settingOf(tool))
  const aborted = AbortSignal.timeout(20_000)
  const tooLong = until(aborted).catch(() => 'it has the time of the call itself')
  const undone = stage.compensate(output).then(({ effect }) => effect)
  expect(await Promise.race([undone, tooLong])).toBe('unknown')
  const looked = stage.verifyUndone(output).then(({ found }) => found)
  expect(await Promise.race([looked, tooLong])).toBe('unknown')
})

test('what rests on an observation is said not to be tried', async () => {
  const tool = answering(new Error('no'))
  const contract = { ...tool.contract, postcondition: { state: { equals: '/observed/state' } } } as const
  const about = (trials: readonly { readonly trial: string; readonly seen: string | null }[]) =>
    trials.find(({ trial }) => trial.startsWith('what is found is what the contract promises'))?.seen
  expect(about((await checkTool({ ...tool, contract }, check)).trials)).toMatch(/nothing is observed in this check/)
  expect(about((await checkTool(tool, check)).trials)).toBeUndefined()
})
