import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { keepFailure, keptRuns } from './kept-seeds.js'
import { readOptions } from './options.js'
import { runsOf } from './runs.js'

const folder = mkdtempSync(join(tmpdir(), 'exequatur-seeds-'))
const file = join(folder, 'campaign', 'failed-seeds.json')
afterAll(() => rmSync(folder, { recursive: true }))

const asked = (...args: readonly string[]) => readOptions(['--seed', 'new', ...args])
const runs = (...args: readonly string[]) =>
  runsOf(asked(...args), keptRuns(file)).map(({ seed, actions, race, matrix }) => {
    if (matrix > 0) return `${seed}: matrix ${matrix}`
    return `${seed}: ${race ? 'race' : actions}`
  })

describe('what failed once', () => {
  test('is kept once, with all it takes to run it again', () => {
    expect(keptRuns(file)).toEqual([])
    const options = { ...asked().options, seed: 'usual' }
    const [race, matrix] = [runsOf(asked('--race', '--seeds', '1'), []), runsOf(asked('--matrix', '7'), [])].map(
      ([run]) => ({ ...run, seed: 'special' }) as typeof options,
    ) as [typeof options, typeof options]
    for (const failed of [options, race, matrix, options]) keepFailure(failed, file)
    const { name: _name, ...whole } = options
    expect(keptRuns(file)[0]).toEqual(whole)
    expect(keptRuns(file)).toHaveLength(3)
  })

  test('is run first where its like is asked for', () => {
    expect(runs()).toEqual(['usual: 200', 'new: 200'])
    expect(runs('--seed', 'usual')).toEqual(['usual: 200'])
    expect(runs('--actions', '1000')).toEqual(['new: 1000'])
    expect(runs('--race', '--seeds', '2')).toEqual(['special: race', 'new-1: race', 'new-2: race'])
    expect(runs('--matrix', '7')).toEqual(['special: matrix 7', 'new: matrix 7'])
    expect(runs('--matrix', '3')).toEqual(['new: matrix 3'])
  })

  test('is run first in every night, whatever it was', () => {
    expect(runs('--nightly')).toEqual([
      'usual: 200',
      'special: race',
      'special: matrix 7',
      'new: matrix 1',
      'new: 20000',
    ])
  })
})
