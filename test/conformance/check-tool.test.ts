import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { ToolCheck } from '../../src/contract/tool-checks.js'
import { assertTool, checkTool, describeReport } from '../../src/testing/index.js'
import { type FoundDefect, payInFound } from './fixtures/found-tools.js'
import { type Defect, lookAt, payIn } from './fixtures/till-tools.js'
import { openTill, type Till } from './till.js'

let till: Till
beforeAll(async () => {
  till = await openTill()
})
afterAll(() => till.close())

const checkOf = (world: Partial<ToolCheck['world']> = {}): ToolCheck => ({
  input: () => ({ account: randomUUID() }),
  world: {
    env: { TILL_URL: till.url, TILL_ITSELF: till.url, TILL_TOKEN: till.token },
    relay: ['TILL_URL'],
    effects: async ({ account }) => till.count(String(account)),
    ...world,
  },
})

describe('checkTool', () => {
  test.each(['idempotent-by-key', 'queryable', 'neither'] as const)(
    'a tool of the class %s that is as it should be holds in every trial',
    async (promised) => {
      const report = await checkTool(payIn(promised), checkOf())
      expect(report.failed, describeReport(report)).toEqual([])
      const applied = report.trials.filter(({ result }) => result === 'holds')
      expect(applied.length).toBe(promised === 'idempotent-by-key' ? 16 : 12)
    },
  )

  test('a read that is as it should be holds', async () => {
    expect((await checkTool(lookAt(), checkOf())).failed).toEqual([])
  })

  /** Each defect, the trial that has to notice it, and what that has to have seen. */
  const defects: readonly (readonly [Defect, string, RegExp])[] = [
    ['a random key for each call', 'two calls with one key have one effect', /had 2 effects/],
    ['looks before it pays, and sends no key', 'two calls with one key at the same time have one effect', /2 effects/],
    ['errors are swallowed', 'where a request gets lost, neither', /it said that it happened, and nothing did/],
    ['every error is a definite no', 'where an answer gets lost, neither', /a definite no .*, though it happened/],
    ['tries again by itself with another key', 'where an answer gets lost, neither', /one call had 2 effects/],
    ['tries again by itself with another key', 'settled as its class allows', /2 effects in the end/],
    ['pays twice', 'one call has one effect', /had 2 effects/],
    ['ignores its signal', 'aborted in the middle it stops', /goes on for more than/],
    ['ignores its signal', 'called after its deadline it does nothing', /had 1 effects/],
    ['stops at its signal, and goes on in the background', 'aborted in the middle it stops', /it went on, and had 1/],
    ['the output holds the credential', 'no credential is in an output or in an error', /it said: .*\[secret\]/],
    ['errors hold the credential', 'no credential is in an output or in an error', /Bearer \[secret\]/],
    ['the output does not fit', 'a call succeeds, and its output fits the contract', /came to unknown/],
    ['verify always says committed', 'verification does not say that it happened before', /nothing is there/],
    ['verify always says not-committed', 'verification says that it happened, with', /it says not-committed/],
    ['verify pays', 'verification says that it happened, with', /looking had 2 further effects/],
    ['undoing does nothing', 'undoing takes it back, and verification says so', /undone 0 times/],
    ['undoing is not idempotent', 'undoing twice takes it back once', /undone 3 times/],
    ['undoing swallows errors', 'where an answer of undoing gets lost', /it said that it was undone, and it was not/],
    ['undoing takes whatever was paid last', 'undoing what never happened changes nothing', /undone 1 times/],
    ['goes past the relay', 'where a request gets lost, neither', /nothing of the call went through the relay/],
  ]

  test.each(defects)('%s: "%s" notices', async (defect, trial, seen) => {
    const { failed } = await checkTool(payIn('idempotent-by-key', defect), checkOf())
    const noticed = failed.find((each) => each.trial.startsWith(trial))
    expect(noticed?.seen, JSON.stringify(failed, null, 2)).toMatch(seen)
  })

  test('a tool that tells what it finds, and lists its effects, holds', async () => {
    const report = await checkTool(payInFound(), checkOf())
    expect(report.failed, describeReport(report)).toEqual([])
    // The class of its undoing is another one, which promises less.
    expect(report.trials.filter(({ result }) => result === 'not applicable')).toHaveLength(2)
  })

  const foundDefects: readonly (readonly [FoundDefect, string, RegExp])[] = [
    ['finds another account', 'verification says that it happened, with', /it says diverged/],
    [
      'gives back an output that does not fit',
      'verification says that it happened, with',
      /found again is not what the contract says/,
    ],
    ['finds the credential', 'verification says that it happened, with', /holds a secret of the call/],
    ['finds more than can be kept', 'verification says that it happened, with', /is larger than 16384 bytes/],
    ['takes every answer for a no', 'where an answer gets lost, neither', /a definite no .*, though it happened/],
    ['lists what was undone', 'its list of effects has what was done', /it still lists what was undone/],
    ['says it is undone when it is not', 'undoing takes it back, and verification says so', /undone 0 times/],
  ]

  test.each(foundDefects)('%s: "%s" notices', async (defect, trial, seen) => {
    const { failed } = await checkTool(payInFound(defect), checkOf())
    const noticed = failed.find((each) => each.trial.startsWith(trial))
    expect(noticed?.seen, JSON.stringify(failed, null, 2)).toMatch(seen)
  })

  test('a tool that promises to be queryable, and cannot tell what happened, does not hold', async () => {
    const { failed } = await checkTool(payIn('queryable', 'verify cannot tell'), checkOf())
    expect(failed.map(({ seen }) => seen).join('\n')).toMatch(/answer 1 of 1 lost: verification cannot tell/)
    expect((await checkTool(payIn('neither', 'verify cannot tell'), checkOf())).failed).toEqual([])
  })

  test('a tool of the class neither that sends again by itself does not hold', async () => {
    const { failed } = await checkTool(payIn('neither', 'tries again by itself with another key'), checkOf())
    expect(failed.map(({ seen }) => seen).join('\n')).toMatch(/one call had 2 effects/)
  })

  test('a read that changes something does not hold', async () => {
    const { failed } = await checkTool(lookAt('it pays'), checkOf())
    expect(failed).toContainEqual(
      expect.objectContaining({ trial: 'a read changes nothing', seen: 'two reads had 2 effects' }),
    )
  })

  test('what cannot be tried is said, with the reason', async () => {
    const { trials, failed } = await checkTool(payIn('idempotent-by-key'), checkOf({ relay: [] }))
    expect(failed).toEqual([])
    const reasons = trials.filter(({ result }) => result === 'not applicable').map(({ seen }) => seen)
    expect(new Set(reasons)).toEqual(
      new Set(['the world names no relay, so nothing can get lost', 'it lists no effects']),
    )
    const counted = await checkTool(
      payIn('idempotent-by-key'),
      checkOf({ effects: async ({ account }) => till.count(String(account)).made }),
    )
    expect(counted.trials.filter(({ seen }) => seen?.includes('does not count what was undone'))).toHaveLength(4)
  })

  test('a world that fails is no pass', async () => {
    const { failed } = await checkTool(
      lookAt(),
      checkOf({ effects: () => Promise.reject(new Error('the books are shut')) }),
    )
    expect(failed[0]?.seen).toBe('it could not be carried out: the books are shut')
  })

  test('a credential that only the environment of the tests holds is not used', async () => {
    process.env.TILL_TOKEN = 'of somebody else'
    try {
      await expect(checkTool(payIn('neither'), checkOf({ env: { TILL_URL: till.url } }))).rejects.toThrow(
        'the world gives no till (env:TILL_TOKEN)',
      )
      const report = await checkTool(
        payIn('neither'),
        checkOf({ env: { TILL_URL: till.url }, credentials: { till: till.token } }),
      )
      expect(report.failed).toEqual([])
      expect(process.env.TILL_URL).toBeUndefined()
    } finally {
      delete process.env.TILL_TOKEN
    }
  })

  test('assertTool throws with the report', async () => {
    await expect(assertTool(payIn('idempotent-by-key', 'pays twice'), checkOf())).rejects.toMatchObject({
      code: 'EXQ-7012',
      detail: expect.stringContaining('DOES NOT HOLD   one call has one effect'),
    })
    await expect(assertTool(payIn('idempotent-by-key'), checkOf())).resolves.toMatchObject({ tool: 'pay_in' })
  })
})
