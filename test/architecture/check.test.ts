import { spawnSync } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, expect, test } from 'vitest'
import { packageRoot } from '../../src/package-root.js'

const clones: string[] = []

afterAll(() => clones.forEach((clone) => void rmSync(clone, { recursive: true })))

/** Runs the real check in a clone whose tools answer as they are told. */
function check(exitCodes: Readonly<Record<string, number>>) {
  const clone = mkdtempSync(join(tmpdir(), 'exequatur-check-'))
  clones.push(clone)
  cpSync(fileURLToPath(new URL('bin', packageRoot)), join(clone, 'bin'), { recursive: true })
  mkdirSync(join(clone, 'node_modules', '.bin'), { recursive: true })
  for (const [tool, code] of Object.entries(exitCodes)) {
    const script = `#!/bin/sh\necho "${tool} speaks"\nexit ${code}\n`
    writeFileSync(join(clone, 'node_modules', '.bin', tool), script, { mode: 0o755 })
  }
  return spawnSync(process.execPath, [join(clone, 'bin', 'check.mjs')], { encoding: 'utf8' })
}

const inOrder = { tsc: 0, biome: 0, depcruise: 0, knip: 0 }

test('the check says one line for each part while all is in order', () => {
  const { status, stdout } = check(inOrder)
  expect(stdout.trim().split('\n').sort()).toEqual([
    expect.stringMatching(/^import rules +ok +\d+\.\d s$/),
    expect.stringMatching(/^lint +ok +\d+\.\d s$/),
    expect.stringMatching(/^page types +ok +\d+\.\d s$/),
    expect.stringMatching(/^types +ok +\d+\.\d s$/),
    expect.stringMatching(/^unused code +ok +\d+\.\d s$/),
  ])
  expect(status).toBe(0)
})

test('the check fails with any part, and shows all that this part said', () => {
  for (const tool of Object.keys(inOrder)) {
    const { status, stdout } = check({ ...inOrder, [tool]: 2 })
    // The types of the page, which runs in a browser, are checked by themselves.
    const parts = tool === 'tsc' ? 2 : 1
    expect(stdout.match(/FAILED/g)).toHaveLength(parts)
    expect(stdout.match(/\w+ speaks/g)).toEqual(Array(parts).fill(`${tool} speaks`))
    expect(status).toBe(1)
  }
})

test('a part that cannot be started has failed', () => {
  const { status, stdout } = check({ tsc: 0, biome: 0, depcruise: 0 })
  expect(stdout).toContain('knip could not be started')
  expect(status).toBe(1)
})
