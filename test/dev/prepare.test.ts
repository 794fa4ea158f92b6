import { spawnSync } from 'node:child_process'
import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { packageRoot } from '../../src/package-root.js'
import { temporaryHome } from './temporary-home.js'

test('a fresh clone is installed and built, and after that nothing is done', () => {
  const clone = freshClone()
  expect(prepare(clone)).toEqual(['ci', 'run build'])
  expect(prepare(clone)).toEqual([])
})

test('a changed source is built again, and what has no source any more is gone from dist', () => {
  const clone = freshClone()
  prepare(clone)
  writeFileSync(join(clone, 'dist', 'left-over.js'), '')
  writeFileSync(join(clone, 'src', 'index.ts'), 'export const changed = true\n')
  expect(prepare(clone)).toEqual(['run build'])
  expect(existsSync(join(clone, 'dist', 'left-over.js'))).toBe(false)
})

test('another lock is installed again, unless somebody has already done that by hand', () => {
  const clone = freshClone()
  prepare(clone)
  writeLock(clone, '2.0.0')
  expect(prepare(clone)).toEqual(['ci', 'run build'])
  writeLock(clone, '3.0.0')
  cpSync(join(clone, 'package-lock.json'), join(clone, 'node_modules', '.package-lock.json'))
  expect(prepare(clone)).toEqual(['run build'])
})

test('a build that fails is told in words, and is tried again the next time', () => {
  const clone = freshClone()
  const result = run(clone, 'prepare.mjs', { FAIL: 'run' })
  expect(result.status).toBe(1)
  expect(result.stderr).toMatch(/The build failed\.\n$/)
  expect(prepare(clone)).toEqual(['run build'])
})

test('the command prepares a clone that was never built, and only its own output is on standard output', () => {
  const clone = freshClone()
  const result = run(clone, 'exequatur.mjs')
  expect(result.stderr).toContain('not built yet')
  expect(result.stdout).toBe('the command ran\n')
  rmSync(join(clone, 'node_modules'), { recursive: true })
  expect(run(clone, 'exequatur.mjs').stderr).toBe('')
})

// A clone with the real `bin`, no packages, and a stand-in for npm that writes down what it is asked.
function freshClone(): string {
  const clone = temporaryHome()
  cpSync(fileURLToPath(new URL('bin', packageRoot)), join(clone, 'bin'), { recursive: true })
  mkdirSync(join(clone, 'src'))
  writeFileSync(join(clone, 'src', 'index.ts'), 'export const changed = false\n')
  writeFileSync(join(clone, 'package.json'), '{"type":"module"}')
  writeLock(clone, '1.0.0')
  mkdirSync(join(clone, 'npm'))
  writeFileSync(join(clone, 'npm', 'package.json'), '{"type":"commonjs"}')
  writeFileSync(join(clone, 'npm', 'npm-cli.js'), npmStandIn)
  return clone
}

const npmStandIn = `
const fs = require('node:fs')
const [verb, script] = process.argv.slice(2)
console.log('npm says something')
if (process.env.FAIL === verb) process.exit(1)
fs.appendFileSync('npm/calls', verb === 'run' ? 'run ' + script + '\\n' : verb + '\\n')
if (verb === 'ci') {
  fs.mkdirSync('node_modules', { recursive: true })
  fs.copyFileSync('package-lock.json', 'node_modules/.package-lock.json')
} else {
  fs.mkdirSync('dist/src/cli', { recursive: true })
  fs.writeFileSync('dist/src/cli/main.js', 'console.log("the command ran")')
}
`

function writeLock(clone: string, version: string): void {
  const packages = {
    '': {},
    'node_modules/something': { version },
    'node_modules/other-system': { version, optional: true },
  }
  writeFileSync(join(clone, 'package-lock.json'), JSON.stringify({ packages }))
}

function prepare(clone: string): string[] {
  rmSync(join(clone, 'npm', 'calls'), { force: true })
  const { status, stdout } = run(clone, 'prepare.mjs')
  expect(status).toBe(0)
  expect(stdout).toBe('')
  const calls = join(clone, 'npm', 'calls')
  return existsSync(calls) ? readFileSync(calls, 'utf8').trim().split('\n') : []
}

function run(clone: string, script: string, env: NodeJS.ProcessEnv = {}) {
  return spawnSync(process.execPath, [join(clone, 'bin', script)], {
    cwd: '/',
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, CI: 'true', npm_execpath: join(clone, 'npm', 'npm-cli.js'), ...env },
  })
}
