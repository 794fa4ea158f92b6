export type { BudgetSettings, LoopSettings } from './contract/budget-rules.js'
export type { CredentialSource, Lease, LeaseRequest } from './contract/credential-source.js'
export { type Config, defineConfig } from './contract/define-config.js'
export { defineTool } from './contract/define-tool.js'
export type { Issuer, SignatureAlgorithm } from './contract/issuer.js'
export { type LeaseRefused, leaseRefused } from './contract/lease-refused.js'
export { type NotCommitted, notCommitted } from './contract/not-committed.js'
export type {
  Compensate,
  CredentialReference,
  DownstreamDeclaration,
  Duration,
  Finding,
  ListEffects,
  ListedEffect,
  Tool,
  ToolCall,
  ToolDefinition,
  Verify,
  VerifyCompensation,
} from './contract/tool.js'
export type { EffectCount, Scratch, ToolCheck, ToolChecks, World } from './contract/tool-checks.js'
export type { Contract } from './domain/contract.js'
export { type ErrorCode, ExequaturError, errorTable, type Problem } from './domain/errors.js'
export type { Effect, Outcome, Stage } from './domain/lifecycle.js'
