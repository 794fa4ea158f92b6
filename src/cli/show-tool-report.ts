import { describeReport } from '../testing/index.js'
import type { ToolsReport } from '../verify/check-tools.js'
import type { Paint } from './output.js'

/** What was tried on each tool, and what came of it. */
export function renderToolsReport({ tools, not_checked }: ToolsReport, paint: Paint): string {
  const held = tools.filter(({ failed }) => failed.length === 0).length
  const left = not_checked.length > 0 ? `, ${not_checked.length} not checked: ${not_checked.join(', ')}` : ''
  const reports = tools.map((report) => describeReport(report).replaceAll('DOES NOT HOLD', paint.red))
  return [...reports, `${held} of ${tools.length} tools hold${left}`].join('\n\n')
}
