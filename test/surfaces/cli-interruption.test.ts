import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'

const program = fileURLToPath(new URL('./fixtures/run-until-interrupted.ts', import.meta.url))

/** What it tells when it gets the signal as soon as it starts. */
async function told(how: string, signal: NodeJS.Signals | null): Promise<string[]> {
  const child = spawn(process.execPath, ['--import', 'tsx', program, how], { stdio: ['ignore', 'pipe', 'inherit'] })
  let text = ''
  for await (const chunk of child.stdout) {
    if (text === '' && signal) child.kill(signal)
    text += String(chunk)
  }
  return text.trim().split('\n')
}

test.each(['SIGINT', 'SIGTERM'] as const)('what runs is ended in order by %s', async (signal) => {
  expect(await told('runs', signal)).toEqual(['starting', 'ended in order', 'fine'])
})

test('what still starts is told to stop, and that is no error', async () => {
  expect(await told('starts', 'SIGINT')).toEqual(['starting', 'fine'])
})

test('what ends by itself is an error, after the rest was ended in order', async () => {
  expect(await told('ends', null)).toEqual(['starting', 'ended in order', 'failed: a part of it ended by itself'])
})
