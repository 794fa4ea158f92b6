import { spawn } from 'node:child_process'
import { resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { packageRoot } from '../../../src/package-root.js'
import type { Result } from '../attack.js'
import { copyTree } from './copied-tree.js'
import { defects } from './defects.js'
import { type Defect, plant } from './plant.js'

const longestMs = 240_000

/** Plants every defect, one at a time, in a copy of the sources, and sees whether the attacks notice. */
export async function sabotage(only: readonly string[] | undefined): Promise<boolean> {
  const chosen = defects.filter(({ name }) => only?.some((words) => name.includes(words)) ?? true)
  const root = fileURLToPath(packageRoot)
  const tree = await copyTree(root)
  let caught = 0
  try {
    await build(tree.at)
    for (const defect of chosen) {
      const started = performance.now()
      const said = await tryDefect(tree.at, defect)
      if (said.caught) caught += 1
      const seconds = ((performance.now() - started) / 1_000).toFixed(0)
      console.log(`${said.caught ? 'caught    ' : 'NOT CAUGHT'}  ${defect.name} (${seconds} s): ${said.how}`)
    }
  } finally {
    await tree.remove()
  }
  console.log(`\n${caught}/${chosen.length} caught`)
  return chosen.length > 0 && caught === chosen.length
}

async function tryDefect(at: string, defect: Defect): Promise<{ readonly caught: boolean; readonly how: string }> {
  let takeOut: (() => Promise<void>) | undefined
  try {
    takeOut = await plant(at, defect)
    if (defect.venue === 'desk') await build(at)
    const results = await attack(at, defect.noticedBy)
    const won = results.filter(({ successes }) => successes > 0)
    if (won.length > 0)
      return { caught: true, how: won.map(({ name, remarks }) => `${name}: ${remarks[0]}`).join('; ') }
    const errors = results.flatMap(({ error }) => error ?? [])
    return { caught: false, how: errors[0] ?? `${results.length} attacks, none succeeded` }
  } catch (error) {
    return { caught: false, how: error instanceof Error ? error.message : String(error) }
  } finally {
    await takeOut?.()
  }
}

async function build(at: string): Promise<void> {
  await node(at, ['node_modules/typescript/bin/tsc', '-p', 'tsconfig.build.json'])
  await node(at, ['dist/src/temporal/build-bundle.js'])
}

/** The attacks run in a process of their own, as the sources they load are the broken ones. */
async function attack(at: string, names: readonly string[]): Promise<readonly Result[]> {
  const only = names.flatMap((name) => ['--only', name])
  const said = await node(at, ['--import', 'tsx', 'test/attacks/run.ts', '--json', ...only], true)
  const line = said.split('\n').findLast((each) => each.startsWith('['))
  if (!line) throw new Error(`the attacks did not come to an end: ${said.slice(-500)}`)
  return JSON.parse(line) as Result[]
}

/** Runs node in the copy; rejects where it fails, unless failing is what is hoped for. */
function node(at: string, args: readonly string[], mayFail = false): Promise<string> {
  // Binaries and databases are those of the original.
  const env = { ...process.env, EXEQUATUR_HOME: resolve(process.env.EXEQUATUR_HOME || '.exequatur') }
  const child = spawn(process.execPath, args, { cwd: at, env, stdio: ['ignore', 'pipe', 'pipe'] })
  let said = ''
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (text) => (said += text))
  const timer = setTimeout(() => child.kill('SIGKILL'), longestMs)
  return new Promise((done, reject) => {
    child.once('error', reject)
    child.once('close', (code) => {
      clearTimeout(timer)
      if (code === 0 || mayFail) done(said)
      else reject(new Error(`${args.join(' ')} failed: ${said.slice(-1_000)}`))
    })
  })
}
