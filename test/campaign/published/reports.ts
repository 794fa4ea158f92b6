import { readFileSync } from 'node:fs'
import { packageRoot } from '../../../src/package-root.js'
import type { Report } from '../checker/report.js'

/** What the newest campaigns of each kind came to: kept in the repository, and told in the README. */
export interface Reports {
  readonly run?: Summary
  /** One for each seed. */
  readonly race?: readonly Summary[]
  readonly matrix?: Summary & {
    /** Every so manyth case. */
    readonly every: number
  }
  readonly sabotage?: { readonly commit: string; readonly planted: number; readonly caught: number }
}

/** All of a report but for what was wrong: a report in which something was is not published. */
export type Summary = Omit<Report, 'violations' | 'why' | 'refused_by_budget'> & {
  readonly cores: number
  /** Absent where a run had no budget that was to refuse anybody. */
  readonly refused_by_budget?: number
}

export const reportsFile = new URL('test/campaign/published/reports.json', packageRoot)

export function readReports(): Reports {
  return JSON.parse(readFileSync(reportsFile, 'utf8')) as Reports
}
