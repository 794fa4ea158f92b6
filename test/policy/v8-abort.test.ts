import { spawnSync } from 'node:child_process'
import { readdir, readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { packageRoot } from '../../src/package-root.js'

const fixture = fileURLToPath(new URL('fixtures/deoptimise-cedar.ts', import.meta.url))
const onNode20 = process.versions.node.startsWith('20.')

function run(mode: 'bare' | 'guarded') {
  // No core dump: it would be as large as the process.
  const command = 'ulimit -c 0; exec "$0" --import tsx "$1" "$2"'
  return spawnSync('/bin/sh', ['-c', command, process.execPath, fixture, mode], {
    cwd: fileURLToPath(packageRoot),
    encoding: 'utf8',
  })
}

describe('a hot call into Cedar that V8 deoptimises', () => {
  test.runIf(onNode20)('aborts a process on Node 20 without our flag', () => {
    const { status, signal, stdout, stderr } = run('bare')
    expect(stdout).not.toContain('survived')
    expect(signal ?? status).not.toBe(0)
    expect(stderr).toMatch(/Fatal error .*Deoptimizer|unreachable code/s)
  })

  test('does nothing to a process that has loaded our policy module', () => {
    const { status, stdout, stderr } = run('guarded')
    expect(stderr).not.toContain('Fatal error')
    expect(stdout).toBe('survived allow\n')
    expect(status).toBe(0)
  })
})

test('the flag is set before Cedar is loaded, and nothing in the product loads Cedar in another way', async () => {
  const sources = new URL('src/', packageRoot)
  const names = await readdir(sources, { recursive: true })
  const loading: string[] = []
  for (const name of names.filter((name) => name.endsWith('.ts'))) {
    if ((await readFile(new URL(name, sources), 'utf8')).includes("'@cedar-policy/")) loading.push(name)
  }
  expect(loading).toEqual(['policy/cedar.ts'])
  expect(await readFile(new URL('policy/cedar.ts', sources), 'utf8')).toMatch(/^import '\.\/v8-flag\.js'\n/)
})
