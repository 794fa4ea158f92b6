import { createDecisionActivities } from '../activities/index.js'
import type { ProcessConfig } from './config/config.js'
import { inboxRulesOf } from './config/inbox-rules.js'
import { policyRuleOf } from './config/policy-rule.js'
import { type Context, openContext, runWorker } from './context.js'
import type { ControlPlane } from './control-plane/control-plane.js'
import { createReconcilerActivities } from './control-plane/reconcile.js'
import { decisionQueue, workflowId } from './domain/ids.js'
import { createAccessTokens } from './identity/access-tokens.js'
import { readSigningKey, readVerifyKey } from './identity/signing-key.js'
import { type LedgerNews, openLedgerNews } from './ledger/ledger-news.js'
import { bundlePath } from './temporal/data-converter.js'
import { createScheduleKeeper } from './temporal/reconciler-schedules.js'
import { registerSearchAttributes } from './temporal/register-search-attributes.js'
import { createWorkflows, type Workflows } from './temporal/workflows.js'

/** What a server does its work with, before it has a surface: the use cases and the decision worker. */
export interface OpenServer {
  readonly context: Context
  readonly plane: ControlPlane
  /** Puts the schedules of the reconciler right; resolves to those that were not. */
  readonly keepSchedules: ReturnType<typeof createScheduleKeeper>
  /** Ends the worker and then what it rests on. */
  readonly close: () => Promise<void>
}

/** Opens both on one connection, so that requests start eagerly. */
export async function openServer(config: ProcessConfig, name: string): Promise<OpenServer> {
  const context = await openContext(config, name, 'exq_server')
  if (config.deployment.people === 'one') {
    context.logger.warn("people: 'one': who asks may approve as well, and every such approval is marked SELF-APPROVED")
  }
  const { connection, namespace } = context
  await registerSearchAttributes(connection, namespace)
  const workflows = createWorkflows(connection, namespace)
  const news = await openLedgerNews(config.env('DATABASE_URL'))
  const plane = await createControlPlane(context, workflows, news)
  const worker = await runWorker(context, {
    taskQueue: decisionQueue,
    workflowBundle: { codePath: bundlePath },
    activities: {
      ...createDecisionActivities({ ...plane, ...config.deployment.approvalRules }),
      ...createReconcilerActivities(plane, config.deployment.tenants),
    } as never,
    maxCachedWorkflows: 500,
    // What began before this process, and what is new, comes by the queue of all workers, which has several partitions. With
    // the usual two of ten polls it waits for minutes behind the runs at hand where there are many of both.
    maxConcurrentWorkflowTaskPolls: 20,
    nonStickyToStickyPollRatio: 0.5,
  })
  return {
    context,
    plane,
    keepSchedules: createScheduleKeeper(connection, namespace, config.deployment.reconcileMs),
    close: async () => {
      await worker.stop()
      await news.close()
      await context.close()
    },
  }
}

async function createControlPlane(context: Context, workflows: Workflows, news: LedgerNews): Promise<ControlPlane> {
  const { config, pool, authorities } = context
  const keyFile = config.env('EXEQUATUR_SIGNING_KEY_FILE')
  const { issuers } = config.deployment
  const ui = config.optional('EXEQUATUR_TEMPORAL_UI')
  return {
    pool,
    authorities,
    groups: config.deployment.groups,
    policyRule: policyRuleOf(config.deployment),
    sessionWindowMs: config.deployment.sessionWindowMs,
    budgetRules: config.deployment.budgetRules,
    warn: (facts, message) => context.logger.warn(facts, message),
    stops: config.deployment.stops,
    limits: config.deployment.limitOverrides,
    pendingPerAgent: config.deployment.approvalRules.pendingPerAgent,
    surfaceRules: config.deployment.surfaceRules,
    links: config.deployment.links ?? {},
    people: config.deployment.people ?? 'several',
    attentionGroup: config.deployment.attention?.group,
    attentionAlarm: config.deployment.attentionAlarm,
    workflows,
    accessTokens: issuers && createAccessTokens(issuers),
    inbox: inboxRulesOf(config),
    signingKey: await readSigningKey(keyFile),
    verifySignature: await readVerifyKey(keyFile),
    expectEnding: (ref, ms) => news.expect(workflowId(ref.tenant, ref.action_id), ms),
    changes: news,
    uiLink: (id, runId) => {
      if (!ui) return null
      const run = runId ? `/${runId}/history` : ''
      return `${ui}/namespaces/${context.namespace}/workflows/${encodeURIComponent(id)}${run}`
    },
  }
}
