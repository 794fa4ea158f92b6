import { describe, expect, test } from 'vitest'
import { crashPoints } from '../../src/crash-point.js'
import type { Evidence } from './checker/evidence.js'
import { final, sound } from './checker/evidence-sample.js'
import { judge } from './checker/judge.js'
import { reportOn, tell } from './checker/report.js'
import { wishedSteps } from './clients/requests.js'
import { pointsAsked } from './matrix-cases.js'
import { seeded } from './random.js'
import { rulesOf } from './rules-of-run.js'
import { tenants } from './stack/principals.js'

describe('the report of a run', () => {
  const options = { actions: 1, kills: 0, seed: 's', commit: 'c' }
  const runOptions = { ...options, minutes: 1, name: 'run', rough: false, race: false }
  const of = (more: Partial<Evidence>, kills = 0) => {
    const evidence = { ...sound, ...more }
    return reportOn({ evidence, options: { ...options, kills }, took_ms: 1 }, judge(evidence)).verdict
  }

  test('passes what was put to the test and found sound', () => {
    expect(of({})).toBe('passed')
  })

  test('fails whatever is not', () => {
    expect(of({ books: [] })).toBe('FAILED')
  })

  test('is not valid where too little succeeded, or was asked for at all', () => {
    const denied = { books: [], final: [final({ outcome: 'denied', steps: [] })] }
    expect(of(denied)).toBe('INVALID')
    expect(of({ clients: [], books: [], votes: [], final: [] })).toBe('INVALID')
  })

  test('is not valid where a budget that was to refuse some refused nobody, and says how many it did', () => {
    const [spend] = sound.rules.budgets as [(typeof sound.rules.budgets)[0]]
    const rules = { ...sound.rules, budgets: [{ ...spend, refuses: true }], least_successes: 0.3 }
    const runOf = (...more: readonly ReturnType<typeof final>[]) =>
      reportOn({ evidence: { ...sound, rules, final: [final(), ...more] }, options, took_ms: 1 }, [])
    const unmet = runOf(final({ outcome: 'denied', code: 'EXQ-3001' }))
    expect([unmet.verdict, unmet.refused_by_budget]).toEqual(['INVALID', 0])
    expect(unmet.why).toContain('no budget that refused anybody')
    const met = runOf(final({ outcome: 'denied', code: 'EXQ-1121' }))
    expect([met.verdict, met.refused_by_budget]).toEqual(['passed', 1])
    expect(tell(met)).toContain('1 actions found no room in a budget')
  })

  test('is not valid where no history was replayed', () => {
    expect(of({ histories: [] })).toBe('INVALID')
  })

  test('is not valid where fewer were killed than were to be', () => {
    const faults = [{ kind: 'killed' as const, at: 5_000, who: 'executor', pid: 7, why: 'at random' }]
    expect([of({ faults }, 1), of({ faults }, 2)]).toEqual(['passed', 'INVALID'])
  })

  test('is not valid where nobody died at a crash point of the matrix, or not again in the recovery', () => {
    const asked = [
      { point: 'call.answered', deaths: 2 },
      { point: 'vote.hinted', deaths: 1 },
    ] as const
    const rules = { ...sound.rules, crash_points: asked }
    const died = (why: string, death: number) =>
      ({ kind: 'killed', at: 5_000, who: 'executor', pid: 7, why, death }) as const
    const matrix = (...faults: readonly ReturnType<typeof died>[]) =>
      reportOn({ evidence: { ...sound, rules, faults }, options: { ...options, actions: 0 }, took_ms: 1 }, [])
    expect(matrix().verdict).toBe('INVALID')
    const once = matrix(died('call.answered', 1), died('vote.hinted', 1))
    expect([once.verdict, once.crash_points]).toEqual(['INVALID', { asked: 2, reached: 1 }])
    expect(once.why).toContain('no second death at call.answered')
    expect(tell(once)).toContain('deaths at 1 of 2 crash points')
    const all = matrix(died('call.answered', 1), died('call.answered', 2), died('vote.hinted', 1))
    expect([all.verdict, all.crash_points]).toEqual(['passed', { asked: 2, reached: 2 }])
  })

  test('asks for a death at each crash point, of a whole matrix', () => {
    const asked = pointsAsked(1)
    expect(asked.map(({ point }) => point)).toEqual(crashPoints)
    expect(asked.filter(({ deaths }) => deaths === 2).length).toBeGreaterThan(20)
    expect(rulesOf({ ...runOptions, matrix: 1 }, 'canary').crash_points).toEqual(asked)
    expect(rulesOf({ ...runOptions, matrix: 0 }, 'canary').crash_points).toEqual([])
  })

  test('has a budget for less than is asked for, where enough is asked for to meet it', () => {
    const actions = 1_000
    const wished = Array.from({ length: actions }, (_, index) => wishedSteps(seeded(`ask/${index}`), 'ask')).flat()
    const asked = wished.reduce((sum, { amount }) => sum + amount, 0) / tenants.length
    const budgetsOf = (of: { actions: number; matrix: number }) => rulesOf({ ...runOptions, ...of }, 'canary').budgets
    const [spend] = budgetsOf({ actions, matrix: 0 })
    expect(spend?.limit).toBeGreaterThan(0.35 * asked)
    expect(spend?.limit).toBeLessThan(0.5 * asked)
    const refuses = [spend, ...budgetsOf({ actions: 60, matrix: 0 }), ...budgetsOf({ actions: 0, matrix: 3 })]
    expect(refuses.map((budget) => budget?.refuses)).toEqual([true, false, false])
  })

  test('says that a machine settled what no person decided anything of', () => {
    const unrecorded = { ...sound, claims: { ...sound.claims, outcomes: [] } }
    const order = {
      at: 2_000,
      tenant: 'acme',
      person: 'ann',
      action_id: 'act_1',
      step: 'step1',
      choice: 'attempt-again',
    }
    const settled = (...statuses: readonly number[]) => {
      const orders = statuses.map((status) => ({ ...order, kind: 'ordered' as const, status }))
      return reportOn({ evidence: { ...unrecorded, orders }, options, took_ms: 1 }, []).settled_by_machine_ms
    }
    expect(settled()).toEqual({ median: 300, worst: 300 })
    expect(settled(403)).toEqual({ median: 300, worst: 300 })
    expect(settled(200)).toBeNull()
  })

  test('counts a kill as in the window only where a change was sent and what came of it was not recorded', () => {
    const killed = (at: number) => ({ kind: 'killed' as const, at, who: 'executor', pid: 7, why: 'at random' })
    const inWindow = (at: number) =>
      reportOn({ evidence: { ...sound, faults: [killed(at)] }, options, took_ms: 1 }, []).in_window
    expect([inWindow(2_999), inWindow(3_120), inWindow(3_160)]).toEqual([0, 1, 0])
  })
})
