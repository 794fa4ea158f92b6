import { readFileSync, writeFileSync } from 'node:fs'
import { cpus } from 'node:os'
import { packageRoot } from '../../../src/package-root.js'
import type { Report } from '../checker/report.js'
import { withBlock } from './block.js'
import { type Reports, readReports, reportsFile, type Summary } from './reports.js'

const readmeFile = new URL('README.md', packageRoot)

/** Keeps these reports in place of those of their kind before, and writes what they say into the README. */
export function publish(newer: Reports): void {
  const reports = { ...readReports(), ...newer }
  writeFileSync(reportsFile, `${JSON.stringify(reports, null, 2)}\n`)
  writeFileSync(readmeFile, withBlock(readFileSync(readmeFile, 'utf8'), reports))
}

export function summaryOf({ violations: _violations, why: _why, ...rest }: Report): Summary {
  return { ...rest, cores: cpus().length }
}
