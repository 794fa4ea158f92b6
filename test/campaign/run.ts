import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { runCampaign } from './campaign.js'
import type { Report } from './checker/report.js'
import { keepFailure, keptRuns } from './kept-seeds.js'
import { type CampaignOptions, readOptions, usage } from './options.js'
import { publish, summaryOf } from './published/publish.js'
import type { Reports } from './published/reports.js'
import { runsOf } from './runs.js'
import { sabotage } from './sabotage/sabotage.js'

/** `npm run campaign`: see `--help`. Ends with 0 only if every run passed. */
const asked = readOptions(process.argv.slice(2))
if (asked.help) {
  console.log(usage)
  process.exit(0)
}
const say = (line: string) => console.error(line)
const passed = asked.sabotage ? await plantAll() : await runAll()
process.exit(passed ? 0 : 1)

async function plantAll(): Promise<boolean> {
  const { planted, caught, sound } = await sabotage(asked.only)
  const well = sound && planted > 0 && caught === planted
  if (asked.publish && well && !asked.only) publish({ sabotage: { commit: asked.options.commit, planted, caught } })
  return well
}

async function runAll(): Promise<boolean> {
  const reports: { readonly options: CampaignOptions; readonly report: Report }[] = []
  let well = true
  for (const options of runsOf(asked, keptRuns())) {
    const report = await once(options)
    if (report?.verdict === 'passed') reports.push({ options, report })
    else well = false
  }
  if (asked.publish && well) publish(newest(reports))
  return well
}

/** The last of each kind; of races all, but none that a night ran again. */
function newest(all: readonly { readonly options: CampaignOptions; readonly report: Report }[]): Reports {
  const last = (of: (options: CampaignOptions) => boolean) => all.findLast(({ options }) => of(options))
  const race = all.filter(({ options }) => options.race && !asked.nightly).map(({ report }) => summaryOf(report))
  const matrix = last((options) => options.matrix > 0)
  const run = last((options) => options.matrix === 0 && !options.race)
  return {
    ...(run && { run: summaryOf(run.report) }),
    ...(race.length > 0 && { race }),
    ...(matrix && { matrix: { ...summaryOf(matrix.report), every: matrix.options.matrix } }),
  }
}

async function once(options: CampaignOptions): Promise<Report | null> {
  say(`campaign: seed ${options.seed}, commit ${options.commit}`)
  const folder = await runCampaign(options, say)
  // Judged by a process that has nothing in common with what ran.
  const judge = fileURLToPath(new URL('./checker/main.ts', import.meta.url))
  const { stdout, stderr } = spawnSync(process.execPath, ['--import', 'tsx', judge, folder], { encoding: 'utf8' })
  const report = readReport(folder)
  console.log(asked.json && report ? JSON.stringify(report) : `${stdout}${stderr}`)
  if (report?.verdict === 'FAILED') keepFailure(options)
  return report
}

function readReport(folder: string): Report | null {
  try {
    return JSON.parse(readFileSync(join(folder, 'report.json'), 'utf8')) as Report
  } catch {
    return null
  }
}
