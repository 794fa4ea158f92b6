import { readFile } from 'node:fs/promises'
import { describe, expect, test } from 'vitest'
import { packageRoot } from '../../src/package-root.js'
import { misfit } from '../_util/planted/plant.js'
import { defects } from './sabotage/defects.js'
import { scenarios } from './sabotage/scenarios/index.js'

describe('the defects that show whether the judge sees anything', () => {
  test('are sixteen, each with a name of its own', () => {
    expect(new Set(defects.map(({ name }) => name)).size).toBe(16)
  })

  test('have a use for every scenario', () => {
    expect(new Set(defects.map(({ scenario }) => scenario))).toEqual(new Set(Object.keys(scenarios)))
  })

  test.each(defects.map((defect) => [defect.name, defect] as const))('%s: fits the sources', async (_name, defect) => {
    for (const change of defect.changes) {
      const text = await readFile(new URL(change.file, packageRoot), 'utf8')
      expect(misfit(text, change)).toBeNull()
    }
  })
})
