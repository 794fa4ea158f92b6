import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { clearHome } from '../../src/dev/clear-home.js'
import { obtainTemporal } from '../../src/dev/obtain-temporal.js'
import { markProcess } from '../../src/dev/processes.js'
import { packageRoot } from '../../src/package-root.js'
import { temporaryHome } from './temporary-home.js'

/** Starts a service in a process of its own; resolves to that one, and to the pid of the service. */
async function leaveRunning(fixture: string, ...args: string[]) {
  const script = fileURLToPath(new URL(`fixtures/${fixture}.ts`, import.meta.url))
  const parent = spawn(process.execPath, ['--import', 'tsx', script, ...args], { stdio: ['ignore', 'pipe', 'inherit'] })
  const [line] = (await once(parent.stdout.setEncoding('utf8'), 'data')) as [string]
  return { parent, pid: Number(line) }
}

test('a data folder is removed together with the services that a killed stack left on it, not under a living one', async () => {
  const home = temporaryHome()
  const keptHome = resolve(process.env.EXEQUATUR_HOME ?? fileURLToPath(new URL('.exequatur', packageRoot)))
  const binary = await obtainTemporal({ home: keptHome, say: () => undefined })
  const [postgres, temporal] = await Promise.all([
    leaveRunning('start-postgres', home),
    leaveRunning('start-temporal', binary, home),
  ])
  await expect(clearHome(home)).rejects.toThrow('A stack still runs in')
  expect(existsSync(join(home, 'temporal', 'server.json'))).toBe(true)
  for (const { parent } of [postgres, temporal]) {
    parent.kill('SIGKILL')
    await once(parent, 'exit')
  }
  await clearHome(home)
  for (const { pid } of [postgres, temporal]) expect(markProcess(pid)).toBeUndefined()
  expect(existsSync(home)).toBe(false)
})

test('a data folder that was never there is no error', async () => {
  await clearHome(join(temporaryHome(), 'none'))
})
