import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, onTestFinished, test, vi } from 'vitest'
import { type Child, type ChildOptions, startChild } from '../../src/dev/child-process.js'
import { markProcess } from '../../src/dev/processes.js'
import { remember, temporaryHome } from './temporary-home.js'

const childScript = fixture('child.mjs')

test('a child is there once it has written its ready line, and its errors are in the log', async () => {
  const { child, logFile } = await start()
  expect(child.ready).toEqual({ ready: 'child', url: 'http://127.0.0.1:1' })
  expect(markProcess(child.pid)).toBeDefined()
  expect(readFileSync(logFile, 'utf8')).toBe('a line in the log\n')
})

test('a child that fails to start is reported with the last lines of its log', async () => {
  const script = 'console.error("no such database"); process.exit(3)'
  const failed = start({ args: ['-e', script] })
  await expect(failed).rejects.toThrow(/child ended before it was ready \(exit 3\)[\s\S]*no such database/)
})

test('a child that is not ready in time is ended', async () => {
  const script = 'console.error(process.pid); setInterval(() => {}, 1000)'
  const logFile = join(temporaryHome(), 'child.log')
  await expect(start({ args: ['-e', script], readyWithin: 700, logFile })).rejects.toThrow('not ready within 0.7 s')
  expect(markProcess(Number(readFileSync(logFile, 'utf8')))).toBeUndefined()
})

test('a program that is not there is an error, not a crash', async () => {
  await expect(start({ command: '/no/such/program' })).rejects.toThrow(/could not be started[\s\S]*ENOENT/)
})

test('stopping ends a child that does not listen to SIGTERM after the grace time', async () => {
  const { child } = await start({ args: [childScript, '0', 'stubborn'], graceTime: 200 })
  await child.stop()
  expect(await child.exited).toEqual({ code: null, signal: 'SIGKILL' })
})

test('a killed child can be started again, and is then another process', async () => {
  const { child, lines } = await start()
  const { pid } = child
  child.kill('SIGKILL')
  expect(await child.exited).toEqual({ code: null, signal: 'SIGKILL' })
  await child.restart()
  expect(child.pid).not.toBe(pid)
  expect(markProcess(child.pid)).toBeDefined()
  expect(lines).toEqual([])
})

test('a child that ends by itself is told of', async () => {
  const { child, lines } = await start()
  process.kill(child.pid, 'SIGKILL')
  await child.exited
  await vi.waitFor(
    () => expect(lines).toEqual([expect.stringContaining('The child ended by itself (SIGKILL)')]),
    20_000,
  )
})

test('a child ends with its parent even when that is killed with SIGKILL', async () => {
  const args = [
    '--import',
    'tsx',
    fixture('parent.ts'),
    join(temporaryHome(), 'child.log'),
    fixture('watching-child.ts'),
  ]
  const parent = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] })
  const [line] = (await once(parent.stdout.setEncoding('utf8'), 'data')) as [string]
  const pid = Number(line)
  expect(markProcess(pid)).toBeDefined()
  parent.kill('SIGKILL')
  await vi.waitFor(() => expect(markProcess(pid)).toBeUndefined(), 20_000)
})

async function start(changes: Partial<ChildOptions> = {}): Promise<{ child: Child; lines: string[]; logFile: string }> {
  const { say, lines } = remember()
  const logFile = changes.logFile ?? join(temporaryHome(), 'child.log')
  const child = await startChild({
    name: 'child',
    command: process.execPath,
    args: [childScript],
    env: process.env,
    say,
    logFile,
    ...changes,
  })
  onTestFinished(() => child.stop())
  return { child, lines, logFile }
}

function fixture(name: string): string {
  return fileURLToPath(new URL(`fixtures/${name}`, import.meta.url))
}
