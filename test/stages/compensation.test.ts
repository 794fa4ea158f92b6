import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  ending,
  explainEnding,
  type Halt,
  inDoubt,
  type StepProgress,
  toUndo,
  undoingSeen,
} from '../../src/domain/compensation.js'
import { type EffectClass, effectClasses } from '../../src/domain/contract.js'
import type { Effect } from '../../src/domain/lifecycle.js'

const effects: readonly (Effect | null)[] = ['committed', 'not-committed', 'unknown', 'diverged', null]
const halts: readonly Halt[] = ['failed', 'denied', 'rejected', 'expired', 'cancelled']

const plans: fc.Arbitrary<StepProgress[]> = fc
  .array(
    fc.record({
      tool: fc.constant('tool'),
      effectClass: fc.constantFrom(...effectClasses),
      effect: fc.constantFrom(...effects),
      undone: fc.boolean(),
    }),
    { minLength: 1, maxLength: 6 },
  )
  .map((all) => all.map((step, index) => ({ ...step, id: `step${index + 1}` })))

const step = (effectClass: EffectClass, effect: Effect | null, undone = false): StepProgress => ({
  id: `${effectClass}-${effect}`,
  tool: 'tool',
  effectClass,
  effect,
  undone,
})
const changes = ({ effectClass }: StepProgress) => effectClass !== 'none'
const stands = (each: StepProgress) => changes(each) && each.effect === 'committed' && !each.undone
const doubtful = (each: StepProgress) => changes(each) && (each.effect === 'unknown' || each.effect === 'diverged')

describe('what is undone', () => {
  test('are the reversible steps that are known to be committed and stand, last first', () => {
    const first = step('reversible', 'committed')
    const last = { ...first, id: 'last' }
    expect(toUndo([first, step('none', 'committed'), step('reversible', 'not-committed'), last])).toEqual([last, first])
  })

  test('is nothing else: no read, nothing irreversible, nothing uncertain, nothing twice', () => {
    fc.assert(
      fc.property(plans, (steps) => {
        const undo = toUndo(steps)
        expect(undo.every((each) => each.effectClass === 'reversible' && stands(each))).toBe(true)
        const places = undo.map((each) => steps.indexOf(each))
        expect(places).toEqual([...places].sort((a, b) => b - a))
        expect(toUndo(steps.map((each) => (undo.includes(each) ? { ...each, undone: true } : each)))).toEqual([])
      }),
    )
  })
})

describe('a look at what was to be undone', () => {
  test.each([
    ['is gone', 'not-committed', 'committed'],
    ['still stands', 'committed', 'not-committed'],
    ['is something else than was done', 'diverged', 'diverged'],
    ['cannot be seen', 'unknown', 'unknown'],
  ] as const)('that %s is the other way round', (_, seen, undoing) => {
    expect(undoingSeen(seen)).toBe(undoing)
  })
})

describe('how a plan ends', () => {
  test('a plan that went through has succeeded', () => {
    expect(ending([step('none', 'committed'), step('reversible', 'committed')], null)).toBe('succeeded')
  })

  test('a plan that was halted before it changed anything ends as it was halted', () => {
    for (const halt of halts) {
      expect(ending([step('none', 'committed'), step('reversible', 'not-committed')], halt)).toBe(halt)
      expect(ending([step('reversible', null)], halt)).toBe(halt)
    }
  })

  test('a plan whose changes are all undone is compensated', () => {
    expect(ending([step('reversible', 'committed', true), step('reversible', 'not-committed')], 'failed')).toBe(
      'compensated',
    )
  })

  test('a halted plan in which something irreversible happened needs attention', () => {
    expect(ending([step('irreversible', 'committed'), step('irreversible', 'not-committed')], 'failed')).toBe(
      'needs-attention',
    )
  })

  test('it is never compensated while something committed stands, nor while anything is in doubt', () => {
    fc.assert(
      fc.property(plans, fc.constantFrom(...halts, null), (steps, halt) => {
        if (ending(steps, halt) === 'compensated') {
          expect(steps.some(stands)).toBe(false)
          expect(steps.some(doubtful)).toBe(false)
          expect(steps.some(({ undone }) => undone)).toBe(true)
        }
      }),
      { numRuns: 500 },
    )
  })

  test('it never succeeds with a change in doubt, or where it was halted', () => {
    fc.assert(
      fc.property(plans, fc.constantFrom(...halts, null), (steps, halt) => {
        if (ending(steps, halt) === 'succeeded') {
          expect(halt).toBeNull()
          expect(inDoubt(steps)).toBe(false)
        }
      }),
    )
  })

  test('it never says that nothing happened while a change stands or is in doubt', () => {
    fc.assert(
      fc.property(plans, fc.constantFrom(...halts), (steps, halt) => {
        if (steps.some(stands) || steps.some(doubtful)) expect(ending(steps, halt)).toBe('needs-attention')
      }),
      { numRuns: 500 },
    )
  })

  test('whatever the undoings come to: all that was committed is tried, last first, and compensated says that all of it went', () => {
    const came = fc.infiniteStream(fc.boolean())
    fc.assert(
      fc.property(plans, fc.constantFrom(...halts), came, (begun, halt, answers) => {
        let steps = begun.map((each) => ({ ...each, undone: false }))
        const tried: string[] = []
        for (const each of toUndo(steps)) {
          const undone = answers.next().value as boolean
          tried.push(each.id)
          steps = steps.map((other) => (other.id === each.id ? { ...other, undone } : other))
        }
        const committed = begun.filter((each) => changes(each) && each.effect === 'committed')
        const reversible = committed.filter(({ effectClass }) => effectClass === 'reversible')
        expect(tried).toEqual(reversible.map(({ id }) => id).reverse())
        const gone = steps.filter(({ undone }) => undone).map(({ id }) => id)
        const all = committed.every(({ id }) => gone.includes(id))
        const doubt = begun.some(doubtful)
        expect(ending(steps, halt) === 'compensated').toBe(committed.length > 0 && all && !doubt)
        const told = explainEnding(steps, halt, 'why')
        for (const { id } of committed) if (!gone.includes(id)) expect(told).toContain(id)
        expect(told.startsWith('EXQ-5006')).toBe(!all)
      }),
      { numRuns: 500 },
    )
  })

  test('a read that gave no answer leaves no doubt: it changed nothing', () => {
    expect(inDoubt([step('none', 'unknown')])).toBe(false)
    expect(ending([step('none', 'unknown')], 'failed')).toBe('failed')
    expect(inDoubt([step('reversible', 'unknown')])).toBe(true)
  })
})
