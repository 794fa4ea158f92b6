import { execFile } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'
import { tools } from '../../examples/refund-desk/tools/index.js'
import { packageRoot } from '../../src/package-root.js'
import { guaranteesOf } from '../../src/verify/guarantees.js'

const root = fileURLToPath(packageRoot)
const page = fileURLToPath(new URL('docs/TOOLS.md', packageRoot))
const run = promisify(execFile)

async function said(command: string): Promise<string> {
  const line = command.replaceAll('npx exq', `"${process.execPath}" bin/exequatur.mjs`)
  const { stdout } = await run('sh', ['-c', line], { cwd: root, env: { ...process.env, NO_COLOR: '1' } })
  return stdout.trimEnd()
}

const blocks = (text: string) => [...text.matchAll(/(?<=^```console\n)\$ (.*)\n([\s\S]*?)(?=^```$)/gm)]
const isVerify = (command: string | undefined) => command?.startsWith('npx exq verify') === true

test('docs/TOOLS.md shows what its commands say of the refund desk (vitest -u writes it anew)', async () => {
  const text = readFileSync(page, 'utf8')
  let anew = text
  for (const [block, command = ''] of blocks(text)) {
    if (isVerify(command)) continue
    const shown = await said(command)
    anew = anew.replace(block, () => `$ ${command}\n${shown}\n`)
  }
  await expect(anew).toMatchFileSnapshot(page)
})

test('docs/TOOLS.md shows every line of exq verify, and that the refund desk holds in each', () => {
  const shown = blocks(readFileSync(page, 'utf8')).find(([, command]) => isVerify(command))?.[2] ?? ''
  const told = [...shown.matchAll(/^ {2}(G\d+) +(holds|DOES NOT HOLD|not applicable) +(.*)$/gm)]
  const lines = told.map(([, guarantee, result, name]) => `${guarantee} ${result} ${name}`)
  const wanted = guaranteesOf(tools, []).map(
    ({ of, name }) => `${of} ${of === 'G7' ? 'not applicable' : 'holds'} ${name}`,
  )
  expect(lines.sort()).toEqual(wanted.sort())
})
