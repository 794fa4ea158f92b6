import { fileURLToPath } from 'node:url'
import { packageRoot } from '../../../src/package-root.js'
import { buildTree, runIn } from '../../_util/planted/build-tree.js'
import { copyTree } from '../../_util/planted/copied-tree.js'
import { plant } from '../../_util/planted/plant.js'
import type { Violation } from '../checker/evidence.js'
import { judge } from '../checker/judge.js'
import { readRun } from '../checker/read-evidence.js'
import type { Defect } from './defect.js'
import { defects } from './defects.js'
import { type ScenarioName, scenarios } from './scenarios/index.js'

const longestMs = 480_000

interface Said {
  readonly well: boolean
  readonly how: string
}

interface Sabotaged {
  readonly planted: number
  readonly caught: number
  /** Nothing was found where nothing was planted. */
  readonly sound: boolean
}

/**
 * The campaign's negative controls: plants every defect, one at a time, in a copy of the sources, and sees whether the judge,
 * which is not of that copy, notices. Each scenario is played on the sound copy too, where nothing may be found.
 */
export async function sabotage(only: readonly string[] | undefined): Promise<Sabotaged> {
  const chosen = defects.filter(({ name }) => only?.some((words) => name.includes(words)) ?? true)
  const tree = await copyTree(fileURLToPath(packageRoot))
  let [caught, sound] = [0, true]
  try {
    await buildTree(tree.at)
    for (const scenario of new Set(chosen.map((defect) => defect.scenario))) {
      const said = await timed('sound     ', 'NOT SOUND ', scenarios[scenario].name, () => control(tree.at, scenario))
      sound &&= said.well
    }
    for (const defect of chosen)
      if ((await timed('caught    ', 'NOT CAUGHT', defect.name, () => tryDefect(tree.at, defect))).well) caught += 1
  } finally {
    await tree.remove()
  }
  console.log(`\n${caught}/${chosen.length} caught${sound ? '' : ', but something was found where nothing is wrong'}`)
  return { planted: chosen.length, caught, sound }
}

async function timed(good: string, bad: string, name: string, work: () => Promise<Said>): Promise<Said> {
  const started = performance.now()
  const said = await work().catch((error: unknown) => ({ well: false, how: String(error) }))
  const seconds = ((performance.now() - started) / 1_000).toFixed(0)
  console.log(`${said.well ? good : bad}  ${name} (${seconds} s): ${said.how}`)
  return said
}

async function control(at: string, scenario: ScenarioName): Promise<Said> {
  const found = await playAndJudge(at, scenario)
  return { well: found.length === 0, how: found.length === 0 ? 'nothing found' : tell(found) }
}

async function tryDefect(at: string, defect: Defect): Promise<Said> {
  const takeOut = await plant(at, defect)
  try {
    await buildTree(at)
    const found = await playAndJudge(at, defect.scenario)
    const seen = found.filter(({ invariant }) => invariant === defect.brokenInvariant)
    const others = [...new Set(found.map(({ invariant }) => invariant))].filter(
      (each) => each !== defect.brokenInvariant,
    )
    const also = others.length > 0 ? ` (and ${others.join(', ')})` : ''
    if (seen.length > 0) return { well: true, how: `${tell(seen)}${also}` }
    return { well: false, how: `no ${defect.brokenInvariant}${also}` }
  } finally {
    await takeOut()
  }
}

/** Plays in a process of its own, as the sources it loads are the broken ones; judges by sources that are not. */
async function playAndJudge(at: string, scenario: ScenarioName): Promise<readonly Violation[]> {
  const { code, said } = await runIn(at, ['--import', 'tsx', 'test/campaign/sabotage/play.ts', scenario], longestMs)
  const line = said.split('\n').findLast((each) => each.startsWith('{"folder":'))
  if (code !== 0 || !line) throw new Error(`it was not played to the end: ${said.slice(-1_000)}`)
  return judge(readRun((JSON.parse(line) as { folder: string }).folder).evidence)
}

function tell(found: readonly Violation[]): string {
  return found
    .slice(0, 3)
    .map(({ invariant, about, detail }) => `${invariant} ${about}: ${detail}`)
    .join('; ')
}
