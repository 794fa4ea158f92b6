import { readFile } from 'node:fs/promises'
import { describe, expect, test } from 'vitest'
import { packageRoot } from '../../src/package-root.js'
import { misfit } from '../_util/planted/plant.js'
import { defects } from './sabotage/defects.js'
import { deskAttacks, roomAttacks } from './suite.js'

describe('the defects that show whether the attacks bite', () => {
  test('are twelve, each with a name of its own', () => {
    expect(new Set(defects.map(({ name }) => name)).size).toBe(12)
  })

  test.each(defects.map((defect) => [defect.name, defect] as const))('%s: fits the sources', async (_name, defect) => {
    for (const change of defect.changes) {
      const text = await readFile(new URL(change.file, packageRoot), 'utf8')
      expect(misfit(text, change)).toBeNull()
    }
  })

  test.each(defects.map((defect) => [defect.name, defect] as const))(
    '%s: some attack is to notice',
    (_name, defect) => {
      const attacks = defect.venue === 'room' ? roomAttacks : deskAttacks
      for (const words of defect.noticedBy) expect(attacks.some(({ name }) => name.includes(words))).toBe(true)
    },
  )
})
