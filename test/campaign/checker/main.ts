import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { judge } from './judge.js'
import { readRun } from './read-evidence.js'
import { reportOn, tell } from './report.js'

/** `node --import tsx test/campaign/checker/main.ts <folder>` judges what a campaign left there; 0 only if it passed. */
const [folder = ''] = process.argv.slice(2)
const run = readRun(folder)
const report = reportOn(run, judge(run.evidence))
writeFileSync(join(folder, 'report.json'), `${JSON.stringify(report, null, 2)}\n`)
console.log(tell(report))
process.exitCode = report.verdict === 'passed' ? 0 : 1
