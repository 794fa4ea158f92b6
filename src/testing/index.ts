export { assertTool, checkTool } from './check-tool.js'
export { describeReport, type ToolReport } from './tool-report.js'
export type { TrialResult } from './trial.js'
