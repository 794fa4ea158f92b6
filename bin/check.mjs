#!/usr/bin/env node
// Types, lint, import rules and unused code: one line each, and the whole output of what failed. Assumes a build, as
// the examples take the types of `exequatur` from `dist`.
import './node-version.mjs'
import { spawn } from 'node:child_process'
import { performance } from 'node:perf_hooks'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('../', import.meta.url))

const checks = [
  { name: 'types', tool: 'tsc', args: ['--noEmit', '-p', 'tsconfig.json'] },
  { name: 'page types', tool: 'tsc', args: ['--noEmit', '-p', 'tsconfig.inbox.json'] },
  { name: 'unused code', tool: 'knip', args: ['--no-progress', '--treat-config-hints-as-errors'] },
  {
    name: 'import rules',
    tool: 'depcruise',
    args: ['--config', '.dependency-cruiser.mjs', 'src', 'workflows', 'activities', 'test/campaign/checker'],
  },
  { name: 'lint', tool: 'biome', args: ['check', '--error-on-warnings', '--max-diagnostics=100'] },
]
const atOnce = 2

const waiting = [...checks]
const failed = []
await Promise.all(Array.from({ length: atOnce }, work))
for (const { name, output } of failed) console.log(`\n--- ${name}\n${output.trim()}`)
if (failed.length > 0) process.exitCode = 1

async function work() {
  for (let check = waiting.shift(); check; check = waiting.shift()) {
    const started = performance.now()
    const { ok, output } = await run(check)
    const seconds = ((performance.now() - started) / 1000).toFixed(1)
    console.log(`${check.name.padEnd(12)}  ${ok ? 'ok    ' : 'FAILED'}  ${seconds} s`)
    if (!ok) failed.push({ name: check.name, output })
  }
}

function run({ tool, args }) {
  const windows = process.platform === 'win32'
  const command = `${root}node_modules/.bin/${tool}${windows ? '.cmd' : ''}`
  const child = spawn(command, args, { cwd: root, stdio: ['ignore', 'pipe', 'pipe'], shell: windows })
  let output = ''
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (text) => (output += text))
  return new Promise((resolve) => {
    child.once('error', (error) => resolve({ ok: false, output: `${tool} could not be started: ${error.message}` }))
    child.once('close', (code) => resolve({ ok: code === 0, output }))
  })
}
