import { randomUUID } from 'node:crypto'
import { hostname } from 'node:os'
import { pathToFileURL } from 'node:url'
import { createEffectActivities, createLookActivities } from '../activities/index.js'
import { readConfig } from './config/config.js'
import { type Context, openContext, runWorker, sayReady, stopOnSignal } from './context.js'
import type { CredentialSource } from './contract/credential-source.js'
import { requireObserved } from './contract/require-observed.js'
import type { Tool } from './contract/tool.js'
import { publishContracts } from './control-plane/publish-contracts.js'
import { sourcesOf } from './credentials/sources-of.js'
import { poolQueue } from './domain/ids.js'
import { endOnUnhandled } from './end-on-unhandled.js'
import { readVerifyKey } from './identity/signing-key.js'
import type { Logger } from './log.js'
import { endWithParent } from './parent-watch.js'

/** The process that holds tool code and credentials. Acts only on what the ledger lets it. */
export async function runExecutor(): Promise<void> {
  const config = await readConfig('executor')
  const context = await openContext(config, 'exequatur-executor', 'exq_executor')
  const { deployment } = config
  const pool = config.env('EXEQUATUR_POOL')
  const all = await deployment.tools()
  requireObserved(all, deployment.limitOverrides)
  const tools = all.filter(({ contract }) => contract.pool === pool)
  await publishContracts(context.pool, deployment.tenants, tools)
  await prepare(context, deployment.tenants, tools)
  const deps = {
    pool: context.pool,
    authorities: context.authorities,
    verifySignature: await readVerifyKey(config.env('EXEQUATUR_VERIFY_KEY_FILE')),
    groups: deployment.groups,
    sessionWindowMs: deployment.sessionWindowMs,
    budgetRules: deployment.budgetRules,
    people: deployment.people ?? 'several',
    attentionGroup: deployment.attention?.group,
    deployment: deployment.deployment,
    executor: `${hostname()}/${process.pid}/${randomUUID().slice(0, 8)}`,
    tools: new Map(tools.map((tool) => [tool.digest, tool])),
    effectsEveryMs: deployment.reconcileMs.effects,
    limits: deployment.limitOverrides,
    warn: (facts: Readonly<Record<string, unknown>>, message: string) => context.logger.warn(facts, message),
  }
  const worker = await runWorker(context, {
    taskQueue: poolQueue(pool),
    activities: { ...createEffectActivities(deps), ...createLookActivities(deps) },
  })
  endOnUnhandled(context.logger)
  const sources = sourcesOf(tools)
  void sweep(sources, context.logger)
  stopOnSignal(context.logger, async () => {
    await worker.stop()
    await Promise.allSettled(sources.map((source) => source.close?.()))
    await context.close()
  })
  sayReady({ ready: 'executor', pool, tools: tools.map(({ contract }) => `${contract.name} v${contract.version}`) })
}

/** Has the policies ready for each tool: the deadline of a call runs while they are asked, and that of the first no longer. */
async function prepare({ authorities }: Context, tenants: readonly string[], tools: readonly Tool[]): Promise<void> {
  for (const tenant of tenants) {
    const authority = await authorities.current(tenant)
    for (const { digest } of tools) {
      try {
        const contract = authority?.contractByDigest(digest)
        if (contract) authority?.engineFor(contract)
      } catch {
        // No valid policies are in force yet: whoever acts under them is told.
      }
    }
  }
}

/** Removes credentials that executors left behind when they died. What it cannot remove has expired all the same. */
async function sweep(sources: readonly CredentialSource[], logger: Logger): Promise<void> {
  for (const source of sources) {
    try {
      const removed = (await source.sweep?.()) ?? 0
      if (removed > 0) logger.info({ source: source.kind, removed }, 'credentials left behind were removed')
    } catch {
      // The provider's text may hold a secret.
      logger.warn({ source: source.kind }, 'credentials left behind could not be removed')
    }
  }
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  endWithParent()
  await runExecutor()
}
