import { dirname, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { approvalRulesOf, surfaceRulesOf } from '../contract/approval-rules.js'
import { attentionAlarmOf } from '../contract/attention-settings.js'
import { type BudgetRules, budgetRulesOf } from '../contract/budget-rules.js'
import type { Config } from '../contract/define-config.js'
import { durationMs } from '../contract/duration.js'
import { inboxTimesOf } from '../contract/inbox-settings.js'
import { limitOverridesOf } from '../contract/limit-settings.js'
import { routingRulesOf } from '../contract/notification-settings.js'
import type { AttentionAlarm } from '../domain/attention-alarm.js'
import type { LimitOverrides } from '../domain/downstream-limits.js'
import type { StopRules } from '../domain/entitlement.js'
import { ExequaturError, isExequaturError } from '../domain/errors.js'
import type { ApprovalRules } from '../domain/escalation.js'
import type { RoutingRules } from '../domain/routing.js'
import type { SurfaceRules } from '../domain/surface-rules.js'

/** A configuration with its folders made absolute. */
export interface LoadedConfig extends Config {
  readonly file: string
  readonly approvalRules: ApprovalRules
  readonly surfaceRules: SurfaceRules
  readonly sessionWindowMs: number
  readonly budgetRules: BudgetRules
  readonly stops: StopRules
  readonly reconcileMs: { readonly every: number; readonly effects: number }
  readonly limitOverrides: LimitOverrides
  readonly attentionAlarm: AttentionAlarm
  readonly inboxTimes: ReturnType<typeof inboxTimesOf>
  readonly routing: RoutingRules
}

const dayMs = 24 * 60 * 60 * 1_000

/** Loads `exequatur.config.ts` or `.js`. Throws `EXQ-7001`. */
export async function loadConfig(path: string): Promise<LoadedConfig> {
  const file = resolve(path)
  try {
    if (/\.[cm]?tsx?$/.test(file)) (await import('tsx/esm/api')).register()
    const { default: config } = (await import(pathToFileURL(file).href)) as { default?: Config }
    if (!config?.tools) throw new TypeError('it has no default export made by defineConfig')
    const beside = (folder: string) => resolve(dirname(file), folder)
    return {
      ...config,
      file,
      policies: beside(config.policies),
      ...(config.policyCases && { policyCases: beside(config.policyCases) }),
      approvalRules: approvalRulesOf(config.approvals, config.approvalTtlMs),
      surfaceRules: surfaceRulesOf(config.approvals),
      sessionWindowMs: durationMs(config.sessionWindow ?? '24h') ?? dayMs,
      budgetRules: budgetRulesOf(config),
      reconcileMs: {
        every: durationMs(config.reconcile?.every ?? '30s') ?? 0,
        effects: durationMs(config.reconcile?.effects ?? '5m') ?? 0,
      },
      limitOverrides: limitOverridesOf(config.downstreams),
      stops: { pending: 'end', ...config.stops },
      attentionAlarm: attentionAlarmOf(config.attention),
      inboxTimes: inboxTimesOf(config.inbox),
      routing: routingRulesOf(config.notifications),
    }
  } catch (error) {
    if (isExequaturError(error)) throw error
    const reason = error instanceof Error ? error.message : String(error)
    throw new ExequaturError('EXQ-7001', `${file}: ${reason}`, [], { cause: error })
  }
}
