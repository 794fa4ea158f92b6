import { execFile } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { packageRoot } from '../../src/package-root.js'
import { openTestDesk, refund, type TestDesk, until } from '../_util/desk.js'
import { maskedText, toldPage } from '../_util/told-page.js'

const page = fileURLToPath(new URL('docs/POLICIES.md', packageRoot))
const bin = fileURLToPath(new URL('bin/exequatur.mjs', packageRoot))
const run = promisify(execFile)

let desk: TestDesk
let sample: string
const folder = mkdtempSync(join(tmpdir(), 'exequatur-page-'))
beforeAll(async () => {
  symlinkSync(fileURLToPath(new URL('examples', packageRoot)), join(folder, 'examples'))
  symlinkSync(fileURLToPath(new URL('test', packageRoot)), join(folder, 'test'))
  desk = await openTestDesk('policies-page')
  // What `npm start` leaves waiting.
  sample = (await desk.agent.ask('refund_invoice', refund(90_000), 0, 'sample-refund-1')).body.id
  await until(
    'approval is asked for',
    async () => (await desk.agent.get(`/v1/actions/${sample}`)).body.approval !== null,
  )
})
afterAll(async () => {
  await desk?.close()
  rmSync(folder, { recursive: true, force: true })
})

/** And how many cases there are. */
const masked = (text: string) => maskedText(text).replaceAll(/^\d+ passed/gm, 'N passed')

async function said(command: string): Promise<string> {
  const line = command.replaceAll('npx exq', `"${process.execPath}" "${bin}"`)
  const env = { ...process.env, EXEQUATUR_HOME: desk.stack.home, NO_COLOR: '1' }
  const { stdout } = await run('sh', ['-c', `( ${line} ) 2>&1`], { cwd: folder, env })
  if (command.includes(' approve ')) await desk.agent.ended(sample)
  return stdout.trimEnd()
}

test('docs/POLICIES.md shows what its commands say on the running example (vitest -u writes it anew)', async () => {
  const text = readFileSync(page, 'utf8')
  expect(text).toContain(sample)
  await expect(await toldPage(text, said, masked)).toMatchFileSnapshot(page)
})
