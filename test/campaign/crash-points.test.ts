import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { crashPointProblem, crashPoints } from '../../src/crash-point.js'
import { packageRoot } from '../../src/package-root.js'
import { sourceFiles, withoutComments } from '../architecture/source-files.js'

describe('the crash points', () => {
  test.each(crashPoints)('%s is in one place of the code', (name) => {
    const places = sourceFiles('src', 'activities').flatMap(({ path, text }) =>
      withoutComments(text)
        .split('\n')
        .filter((line) => line.includes('crashPoint(') && line.includes(`'${name}'`))
        .map(() => path),
    )
    expect(places).toHaveLength(1)
  })

  test('keep a process from starting outside of tests', () => {
    for (const NODE_ENV of [undefined, 'production', 'development'])
      expect(crashPointProblem({ EXEQUATUR_CRASH_AT: 'call.answered', NODE_ENV })).toMatch(/for tests only/)
    expect(crashPointProblem({ EXEQUATUR_CRASH_AT: 'call.answered', NODE_ENV: 'test' })).toBeNull()
    expect(crashPointProblem({ NODE_ENV: 'production' })).toBeNull()
  })

  test.each(['call.answred', 'call.answered:0', 'call.answered:x', 'call.answered:1:2', ':1'])(
    'are not guessed at: %s',
    (wish) => {
      expect(crashPointProblem({ EXEQUATUR_CRASH_AT: wish, NODE_ENV: 'test' })).toMatch(/it reads <point>/)
    },
  )

  test.each(['server', 'executor'])('keep the %s itself from starting outside of tests', (name) => {
    const entry = fileURLToPath(new URL(`dist/src/${name}.js`, packageRoot))
    const env = { PATH: process.env.PATH, NODE_ENV: 'production', EXEQUATUR_CRASH_AT: 'call.answered' }
    const { status, stderr } = spawnSync(process.execPath, [entry], { env, encoding: 'utf8' })
    expect(status).toBe(1)
    expect(stderr).toContain('EXQ-7001')
    expect(stderr).toContain('EXEQUATUR_CRASH_AT is for tests only')
  })
})
