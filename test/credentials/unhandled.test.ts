import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'

const program = fileURLToPath(new URL('fixtures/floating.ts', import.meta.url))

test.each(['rejection', 'throw'])('a %s that tool code leaves unhandled ends the executor without its text', (how) => {
  const { status, stdout, stderr } = spawnSync(process.execPath, ['--import', 'tsx', program, how], {
    encoding: 'utf8',
    env: { ...process.env, FLOATING_SECRET: 'canary-left-floating' },
  })
  expect(status).toBe(1)
  expect(stderr).toContain('an error was left unhandled')
  expect(stderr).toContain('TypeError')
  expect(stderr).toContain('floating.ts')
  expect(stdout + stderr).not.toContain('canary')
})
