import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  type AttentionCase,
  attentionReasons,
  choices,
  choicesFor,
  generationAfter,
  meaningOf,
} from '../../src/domain/attention.js'

const cases = fc.record<AttentionCase>({
  reason: fc.constantFrom(...attentionReasons),
  phase: fc.constantFrom('execute', 'compensate'),
  effect: fc.constantFrom('reversible', 'irreversible'),
  ended: fc.boolean(),
  confirmed: fc.boolean(),
})

const everywhere = (holds: (attention: AttentionCase, offered: readonly string[]) => boolean) =>
  fc.assert(fc.property(cases, (attention) => holds(attention, choicesFor(attention))))

describe('what a person may choose', () => {
  test('is never nothing', () => everywhere((_, offered) => offered.length > 0))

  test('is to leave it, exactly where something could not be undone', () =>
    everywhere(({ reason }, offered) => offered.includes('leave') === (reason === 'not-undone')))

  test('is to undo it only where the tool can, and never for an undo', () =>
    everywhere(
      ({ effect, phase }, offered) =>
        !offered.includes('compensate') || (effect === 'reversible' && phase === 'execute'),
    ))

  test('is never to attempt again what was seen to have happened, nor to deny it', () =>
    everywhere(
      ({ confirmed }, offered) =>
        !confirmed || (!offered.includes('attempt-again') && !offered.includes('did-not-happen')),
    ))

  test('is never to undo what no tool can undo', () =>
    everywhere(
      ({ phase, effect }, offered) =>
        phase === 'execute' || effect === 'reversible' || !offered.includes('attempt-again'),
    ))

  test('changes nothing in the world once the action has ended', () =>
    everywhere(
      ({ ended }, offered) => !ended || (!offered.includes('attempt-again') && !offered.includes('compensate')),
    ))

  test('is all of happened, did not happen, and attempt again, while nobody knows', () =>
    everywhere(
      ({ reason, phase, effect, ended, confirmed }, offered) =>
        reason !== 'unknown' ||
        (phase === 'compensate' && effect !== 'reversible') ||
        ended ||
        confirmed ||
        ['happened', 'did-not-happen', 'attempt-again'].every((choice) => offered.includes(choice)),
    ))

  test('is told with what it leads to, each in words of its own', () =>
    everywhere((attention, offered) => {
      const told = offered.map((choice) => meaningOf(choice as (typeof choices)[number], attention))
      return new Set(told).size === offered.length
    }))
})

describe('the generation of a call', () => {
  const resolution = fc.record({
    step: fc.constantFrom('step1', 'step2'),
    phase: fc.constantFrom('execute' as const, 'compensate' as const),
    generation: fc.integer({ min: 0, max: 3 }),
    choice: fc.constantFrom(...choices),
  })
  const call = { step: 'step1', phase: 'execute' as const }

  test('is 0 without an order to attempt again', () => {
    fc.assert(
      fc.property(fc.array(resolution), (all) => {
        const others = all.filter(({ choice }) => choice !== 'attempt-again')
        return generationAfter(others, call) === 0
      }),
    )
  })

  test('rises by one with each order about the newest one, and by no other decision', () => {
    fc.assert(
      fc.property(fc.array(resolution), resolution, (all, next) => {
        const before = generationAfter(all, call)
        const rises =
          next.choice === 'attempt-again' &&
          next.step === 'step1' &&
          next.phase === 'execute' &&
          next.generation === before
        // One that was given out of turn earlier may count from then on.
        const after = generationAfter([...all, next], call)
        return rises ? after > before : after === before
      }),
    )
  })

  test('rises once, however often it was ordered', () => {
    const order = { ...call, generation: 0, choice: 'attempt-again' as const }
    expect(generationAfter([order, order, { ...order }], call)).toBe(1)
    expect(generationAfter([order, { ...order, generation: 1 }], call)).toBe(2)
    expect(generationAfter([{ ...order, generation: 1 }], call)).toBe(0)
  })
})
