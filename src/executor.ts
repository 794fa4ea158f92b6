import { randomUUID } from 'node:crypto'
import { hostname } from 'node:os'
import { pathToFileURL } from 'node:url'
import { createEffectActivities } from '../activities/index.js'
import { readConfig } from './config/config.js'
import { openContext, runWorker, sayReady, stopOnSignal } from './context.js'
import { publishContracts } from './control-plane/publish-contracts.js'
import { poolQueue } from './domain/ids.js'
import { readVerifyKey } from './identity/signing-key.js'
import { endWithParent } from './parent-watch.js'

/** The process that holds tool code and credentials. Acts only on what the ledger lets it. */
export async function runExecutor(): Promise<void> {
  const config = await readConfig('executor')
  const context = await openContext(config, 'exequatur-executor', 'exq_executor')
  const { deployment } = config
  const pool = config.env('EXEQUATUR_POOL')
  const tools = (await deployment.tools()).filter(({ contract }) => contract.pool === pool)
  await publishContracts(context.pool, deployment.tenants, tools)
  const worker = await runWorker(context, {
    taskQueue: poolQueue(pool),
    activities: createEffectActivities({
      pool: context.pool,
      authorities: context.authorities,
      verifySignature: await readVerifyKey(config.env('EXEQUATUR_VERIFY_KEY_FILE')),
      groups: deployment.groups,
      deployment: deployment.deployment,
      executor: `${hostname()}/${process.pid}/${randomUUID().slice(0, 8)}`,
      tools: new Map(tools.map((tool) => [tool.digest, tool])),
    }),
  })
  stopOnSignal(context.logger, async () => {
    await worker.stop()
    await context.close()
  })
  sayReady({ ready: 'executor', pool, tools: tools.map(({ contract }) => `${contract.name} v${contract.version}`) })
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  endWithParent()
  await runExecutor()
}
