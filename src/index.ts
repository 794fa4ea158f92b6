export { type Config, defineConfig } from './contract/define-config.js'
export {
  type Compensate,
  type CredentialReference,
  type Duration,
  defineTool,
  type Tool,
  type ToolCall,
  type ToolDefinition,
  type Verify,
} from './contract/define-tool.js'
export { type NotCommitted, notCommitted } from './contract/not-committed.js'
export type { Contract } from './domain/contract.js'
export { type ErrorCode, ExequaturError, errorTable, type Problem } from './domain/errors.js'
export type { Effect, Outcome, Stage } from './domain/lifecycle.js'
