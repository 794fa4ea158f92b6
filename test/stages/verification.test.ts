import { describe, expect, test } from 'vitest'
import { verifierOf } from '../../activities/verifier.js'
import type { Effect } from '../../src/domain/lifecycle.js'
import { verifiedEffect } from '../../src/domain/verification.js'
import { declare, sampleCall, smallestWrite } from '../_util/contracts.js'

describe('what is known after asking the real system', () => {
  test.each<[claimed: Effect, found: Effect, known: Effect]>([
    ['committed', 'committed', 'committed'],
    ['committed', 'not-committed', 'diverged'],
    ['committed', 'unknown', 'unknown'],
    ['committed', 'diverged', 'diverged'],
    ['not-committed', 'committed', 'diverged'],
    ['not-committed', 'not-committed', 'not-committed'],
    ['not-committed', 'unknown', 'not-committed'],
    ['not-committed', 'diverged', 'diverged'],
    ['unknown', 'committed', 'committed'],
    ['unknown', 'not-committed', 'not-committed'],
    ['unknown', 'unknown', 'unknown'],
    ['unknown', 'diverged', 'diverged'],
  ])('claimed %s, found %s: %s', (claimed, found, known) => {
    expect(verifiedEffect(claimed, found)).toBe(known)
  })

  test('once diverged, no later finding makes it anything else', () => {
    for (const found of ['committed', 'not-committed', 'unknown', 'diverged'] as const) {
      expect(verifiedEffect('diverged', found)).toBe('diverged')
    }
  })
})

describe('an undoing is looked at', () => {
  const finding = { found: 'committed', detail: null, claimed: { a: 1 }, observed: { a: 1 }, output: { a: 1 } } as const
  const ask = (tool: ReturnType<typeof declare>) => verifierOf(tool, 'compensate').ask({ thing: 'a' }, {}, sampleCall())

  test('by whether what it undoes is still there, under the key of that, where its tool has no look of its own', async () => {
    const tool = declare(smallestWrite, { verify: async () => 'committed' })
    expect(await ask(tool)).toBe('committed')
    const { keyOf, read } = verifierOf(tool, 'compensate')
    expect(keyOf).toBe('execute')
    expect(read(finding)).toMatchObject({ found: 'not-committed', claimed: null, observed: { a: 1 }, output: null })
    expect(verifierOf(tool, 'execute').read(finding)).toBe(finding)
  })

  test('in the way that its tool has for it, which answers with nothing but an effect', async () => {
    const tool = declare(smallestWrite, {
      verify: async () => 'committed',
      verifyCompensation: async () => 'committed',
    })
    expect(await ask(tool)).toBe('committed')
    expect(verifierOf(tool, 'compensate').keyOf).toBe('compensate')
    expect(verifierOf(tool, 'compensate').read(finding).found).toBe('committed')
    expect(await ask(declare(smallestWrite, { verifyCompensation: async () => ({ found: {} }) }))).toBeNull()
  })
})
