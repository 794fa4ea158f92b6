import { fileURLToPath } from 'node:url'
import { packageRoot } from '../../../src/package-root.js'
import { buildTree, runIn } from '../../_util/planted/build-tree.js'
import { copyTree } from '../../_util/planted/copied-tree.js'
import { plant } from '../../_util/planted/plant.js'
import type { Result } from '../attack.js'
import type { Defect } from './defect.js'
import { defects } from './defects.js'

const longestMs = 240_000

/** Plants every defect, one at a time, in a copy of the sources, and sees whether the attacks notice. */
export async function sabotage(only: readonly string[] | undefined): Promise<boolean> {
  const chosen = defects.filter(({ name }) => only?.some((words) => name.includes(words)) ?? true)
  const root = fileURLToPath(packageRoot)
  const tree = await copyTree(root)
  let caught = 0
  try {
    await buildTree(tree.at)
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
    if (defect.venue === 'desk') await buildTree(at)
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

/** The attacks run in a process of their own, as the sources they load are the broken ones. */
async function attack(at: string, names: readonly string[]): Promise<readonly Result[]> {
  const only = names.flatMap((name) => ['--only', name])
  const { said } = await runIn(at, ['--import', 'tsx', 'test/attacks/run.ts', '--json', ...only], longestMs)
  const line = said.split('\n').findLast((each) => each.startsWith('['))
  if (!line) throw new Error(`the attacks did not come to an end: ${said.slice(-500)}`)
  return JSON.parse(line) as Result[]
}
