import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { packageRoot } from '../../src/package-root.js'
import { tellReports, withBlock } from './published/block.js'
import { readReports, type Summary } from './published/reports.js'
import { defects } from './sabotage/defects.js'

const readme = readFileSync(new URL('README.md', packageRoot), 'utf8')
const reports = readReports()
const runs = [reports.run, ...(reports.race ?? []), reports.matrix].filter((each) => each !== undefined)

const passed: Summary = {
  ...{ seed: 's', commit: 'c', minutes: 9.5, cores: 2, actions: 1_000, kills: 0, in_window: 0, pauses: 1, outages: 1 },
  ...{
    operations: 1,
    stops: 1,
    forgeries: 1,
    cancellations: 1,
    effects: 1,
    undos: 1,
    endings: {},
    unknown_share: { keyed: 0.01 },
  },
  ...{ lost: 0, duplicated: 0, unauthorised: 0, untruthful: 0, over_budget: 0, otherwise_wrong: 0 },
  settled_by_machine_ms: { median: 9_000, worst: 20_000 },
  upper_bound: null,
  verdict: 'passed',
}

describe('what the README says of campaigns', () => {
  test('is what their newest reports say', () => {
    expect(withBlock(readme, reports)).toBe(readme)
  })

  test('is of a whole run', () => {
    const { actions, kills } = reports.run ?? { actions: 1_000, kills: 200 }
    expect(actions).toBeGreaterThanOrEqual(950)
    expect(kills).toBeGreaterThanOrEqual(200)
  })

  test('is of nothing that failed', () => {
    for (const { verdict, lost, duplicated, unauthorised, untruthful, over_budget, otherwise_wrong } of runs) {
      const wrong = [lost, duplicated, unauthorised, untruthful, over_budget, otherwise_wrong]
      expect({ verdict, wrong }).toEqual({ verdict: 'passed', wrong: [0, 0, 0, 0, 0, 0] })
    }
    expect((reports.race ?? []).filter(({ effects }) => effects !== 50)).toEqual([])
  })

  test('is of all mistakes that can be planted, where it tells of them', () => {
    const { planted, caught } = reports.sabotage ?? { planted: defects.length, caught: defects.length }
    expect([planted, caught]).toEqual([defects.length, defects.length])
  })

  test('tells what a report says, and changes with it', () => {
    const run = { ...passed, kills: 200, in_window: 60, upper_bound: 0.05 }
    const told = tellReports({
      run,
      race: [{ ...passed, effects: 50 }],
      matrix: { ...passed, every: 3, crash_points: { asked: 32, reached: 32 } },
    })
    expect(told).toContain('**1000 actions, 200 kills** (seed `s`, commit `c`, 9.5 minutes on 2 cores)')
    expect(told).toContain('| 0 | 0 | 0 | 0 | 0 | 0 |')
    expect(told).toContain('at most 5.0 % of such kills do any (95 %)')
    expect(told).toContain('and 50 effects in each when all had settled')
    expect(told).toContain('**Every 3rd case**')
    expect(told).toContain('(at 32 of 32 points)')
    expect(tellReports({ run: { ...run, refused_by_budget: 40 } })).toContain('40 requests found no room in a budget')
    expect(withBlock(readme, { run: { ...run, lost: 1 } })).not.toBe(withBlock(readme, { run }))
    expect(tellReports({})).toBe('None was published yet.')
  })

  test('has a place in the README, or is not written', () => {
    expect(() => withBlock('# Exequatur', reports)).toThrow('the README has no place')
  })
})
