import fc from 'fast-check'
import { expect, test } from 'vitest'
import { explainedBy, type FoundEffect, type KeyedCall, shadowsAmong } from '../../src/domain/shadow-effects.js'

const callUnder = (key: string, changes: Partial<KeyedCall> = {}): KeyedCall => ({
  key,
  action_id: `act_${key}`,
  step: 'step1',
  phase: 'execute',
  generation: 0,
  happened: false,
  denied: false,
  undone: false,
  ...changes,
})
const effect = (id: string, key: string | null, at = '2026-01-01T00:00:00.000Z'): FoundEffect => ({
  id,
  key,
  at,
  summary: 'a refund',
})
const kinds = (effects: readonly FoundEffect[], calls: readonly KeyedCall[], others: readonly string[] = []) =>
  shadowsAmong(effects, calls, new Set(others)).map(({ id, kind }) => `${id} ${kind}`)

test('an effect under the key of a call is explained, also while nobody knows what the call came to', () => {
  expect(
    kinds([effect('r1', 'k1'), effect('r2', 'k2')], [callUnder('k1', { happened: true }), callUnder('k2')]),
  ).toEqual([])
})

test('an effect without a key, or with one that nobody sent, is unexplained', () => {
  expect(kinds([effect('r1', null), effect('r2', 'k9')], [callUnder('k1')])).toEqual([
    'r1 unexplained',
    'r2 unexplained',
  ])
})

test('what another tenant sent is theirs to explain', () => {
  expect(kinds([effect('r1', 'k9')], [], ['k9'])).toEqual([])
})

test('a call explains one effect: the earliest under its key', () => {
  const later = effect('r1', 'k1', '2026-01-02T00:00:00.000Z')
  expect(kinds([later, effect('r2', 'k1')], [callUnder('k1', { happened: true })])).toEqual(['r1 repeated'])
})

test('it stays the one that an earlier look found: whatever is listed later under the key is repeated', () => {
  const calls = [callUnder('k1', { happened: true })]
  const found = explainedBy([effect('r1', 'k1')], calls)
  const later = [effect('r2', 'k1', '2026-01-02T00:00:00.000Z')]
  const explained = explainedBy(later, calls, found)
  expect([...explained]).toEqual([['k1', 'r1']])
  expect(shadowsAmong(later, calls, new Set(), explained)).toMatchObject([{ id: 'r2', kind: 'repeated' }])
  expect(shadowsAmong([effect('r1', 'k1')], calls, new Set(), explained)).toEqual([])
})

test('an effect that the ledger calls not committed, or undone, contradicts it', () => {
  expect(kinds([effect('r1', 'k1')], [callUnder('k1', { denied: true })])).toEqual(['r1 contradicts'])
  expect(kinds([effect('r1', 'k1')], [callUnder('k1', { happened: true, undone: true })])).toEqual(['r1 contradicts'])
  expect(kinds([effect('r1', 'k1')], [callUnder('k1', { denied: true, happened: true })])).toEqual([])
})

test('whatever is listed in whatever order, each effect is explained by a call of its own or reported once', () => {
  const keys = fc.constantFrom('k1', 'k2', 'k3', 'k4', null)
  const listed = fc.uniqueArray(fc.record({ id: fc.stringMatching(/^r[0-9]{1,3}$/), key: keys }), {
    selector: ({ id }) => id,
    maxLength: 20,
  })
  fc.assert(
    fc.property(listed, fc.nat(), (found, turn) => {
      const effects = found.map(({ id, key }) => effect(id, key))
      const calls = [callUnder('k1', { happened: true }), callUnder('k2'), callUnder('k3', { denied: true })]
      const shadows = shadowsAmong(effects, calls, new Set())
      const explained = effects.filter(({ id }) => !shadows.some((shadow) => shadow.id === id))
      expect(new Set(explained.map(({ key }) => key)).size).toBe(explained.length)
      expect(explained.every(({ key }) => key === 'k1' || key === 'k2')).toBe(true)
      const turned = [...effects.slice(turn % (effects.length + 1)), ...effects.slice(0, turn % (effects.length + 1))]
      const order = (all: readonly { id: string }[]) => all.map(({ id }) => id).sort()
      expect(order(shadowsAmong(turned, calls, new Set()))).toEqual(order(shadows))
    }),
  )
})
