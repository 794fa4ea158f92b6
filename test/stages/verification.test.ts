import { describe, expect, test } from 'vitest'
import type { Effect } from '../../src/domain/lifecycle.js'
import { verifiedEffect } from '../../src/domain/verification.js'

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
