import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openRelay, type Relay } from '../../src/testing/relay.js'
import { DoesNotHold, NotApplicable } from '../../src/testing/trial.js'
import type { SeenAction } from '../../src/verify/client.js'
import { judgeKilled, type Killed } from '../../src/verify/guarantees/kills.js'
import { keepInTheCall } from '../../src/verify/in-the-call.js'
import { openTill, type Till } from './till.js'

describe('a call that is kept in the middle', () => {
  let till: Till
  let relay: Relay
  beforeAll(async () => {
    till = await openTill()
    relay = await openRelay({ TILL_URL: till.url }, ['TILL_URL'])
  })
  afterAll(async () => {
    await relay.close()
    await till.close()
  })

  const pay = async (account: string) => {
    const headers = { authorization: `Bearer ${till.token}`, 'idempotency-key': randomUUID() }
    const answer = await fetch(`${relay.env.TILL_URL}/payments`, {
      ...{ method: 'POST', headers, body: JSON.stringify({ account }) },
    })
    return answer.status
  }

  test('is reached once its effect is made, and gets its answer when that is let go', async () => {
    const account = randomUUID()
    const { reached, pass } = keepInTheCall({ relay }, { made: async () => till.count(account).made })
    let answered = false
    const paid = pay(account).then((status) => {
      answered = true
      return status
    })
    expect(await reached()).toBe(true)
    expect([till.count(account).made, answered]).toEqual([1, false])
    pass()
    expect(await paid).toBe(200)
  })

  test.each([true, false])('is not reached where it is over without one (relay: %s)', async (withRelay) => {
    const account = randomUUID()
    let looks = 0
    const over = async () => {
      looks += 1
      return looks > 2
    }
    const { reached, pass } = keepInTheCall(
      { relay: withRelay ? relay : null },
      { made: async () => till.count(account).made },
    )
    expect(await reached(over)).toBe(false)
    // Nobody keeps answers back any more.
    expect(await pay(account)).toBe(200)
    pass()
  })

  test('is waited for from when that is asked, not from when it was got ready', async () => {
    const account = randomUUID()
    const { reached, pass } = keepInTheCall({ relay: null }, { made: async () => till.count(account).made })
    await pay(account)
    expect(await reached(async () => true)).toBe(true)
    pass()
  })
})

describe('an executor that is killed', () => {
  const action = (outcome: string | null, more: Partial<SeenAction> = {}) =>
    Promise.resolve({ outcome, decision: null, explanation: null, ...more } as SeenAction)
  const killed = (madeThen: number, made: number, seen: Promise<SeenAction>): Killed => ({
    ...{ asked: { made: async () => made }, madeThen, action: seen },
  })
  const judged = (of: Killed) =>
    judgeKilled(of, 'queryable').then(
      () => 'holds',
      (error: unknown) => error,
    )

  test('in the call: it holds where there is one effect in the end', async () => {
    expect(await judged(killed(1, 1, action('succeeded')))).toBe('holds')
    expect(await judged(killed(1, 1, action('failed')))).toBeInstanceOf(DoesNotHold)
    expect(await judged(killed(1, 1, action(null)))).toBeInstanceOf(DoesNotHold)
  })

  test('before the call: nothing is said to hold of it, but what is wrong is told', async () => {
    const early = await judged(killed(0, 1, action('succeeded')))
    expect(early).toBeInstanceOf(NotApplicable)
    expect(String(early)).toContain('its effect was not made when the executor was killed')
    const denied = action('denied', { decision: { result: 'deny', explanation: 'no' }, explanation: 'Not on Sundays.' })
    expect(String(await judged(killed(0, 0, denied)))).toContain('it is denied: Not on Sundays.')
    expect(await judged(killed(0, 2, action('succeeded')))).toBeInstanceOf(DoesNotHold)
    expect(await judged(killed(0, 0, action('succeeded')))).toBeInstanceOf(DoesNotHold)
  })
})
