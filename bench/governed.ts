import { randomUUID } from 'node:crypto'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { createDecisionActivities } from '../activities/index.js'
import { readConfig } from '../src/config/config.js'
import { type Context, openContext, runWorker } from '../src/context.js'
import type { ActionView } from '../src/control-plane/action-view.js'
import { authenticate } from '../src/control-plane/authenticate.js'
import type { ControlPlane } from '../src/control-plane/control-plane.js'
import { getAction } from '../src/control-plane/get-action.js'
import { submitAction } from '../src/control-plane/submit-action.js'
import { decisionQueue, workflowId } from '../src/domain/ids.js'
import type { JsonObject } from '../src/domain/json.js'
import { readSigningKey, readVerifyKey } from '../src/identity/signing-key.js'
import { listenForEndings } from '../src/ledger/endings.js'
import { bundlePath } from '../src/temporal/data-converter.js'
import { createWorkflows } from '../src/temporal/workflows.js'
import type { Systems } from './systems.js'

export const waitSeconds = 10

/** The server's parts in this process, without its HTTP surface and its sweeps. */
export interface Governed {
  readonly plane: ControlPlane
  readonly context: Context
  /** Asks for one tool call as the agent; resolves when it has ended, or after `waitMs`. */
  readonly act: (tool: string, args: JsonObject, waitMs?: number) => Promise<ActionView>
  readonly close: () => Promise<void>
}

export async function openGoverned({ home, stack, tokens }: Systems): Promise<Governed> {
  const keyFile = join(home, 'keys', 'signing-key.pem')
  Object.assign(process.env, {
    DATABASE_URL: stack.databaseUrl,
    EXEQUATUR_CONFIG: fileURLToPath(new URL('./exequatur.config.ts', import.meta.url)),
    EXEQUATUR_TEMPORAL_ADDRESS: stack.temporal.address,
    EXEQUATUR_SIGNING_KEY_FILE: keyFile,
    EXEQUATUR_LOG_LEVEL: 'warn',
  })
  const config = await readConfig('server')
  const context = await openContext(config, 'exequatur-bench', 'exq_server')
  const { pool, authorities, connection, namespace } = context
  const workflows = createWorkflows(connection, namespace)
  const endings = await listenForEndings(stack.databaseUrl)
  const plane: ControlPlane = {
    pool,
    authorities,
    groups: config.deployment.groups,
    workflows,
    signingKey: await readSigningKey(keyFile),
    verifySignature: await readVerifyKey(keyFile),
    expectEnding: (ref, ms) => endings.expect(workflowId(ref.tenant, ref.action_id), ms),
    uiLink: () => null,
  }
  const worker = await runWorker(context, {
    taskQueue: decisionQueue,
    workflowBundle: { codePath: bundlePath },
    activities: createDecisionActivities({ ...plane, approvalTtlMs: config.deployment.approvalTtlMs }) as never,
    maxCachedWorkflows: 500,
  })
  await workflows.warmUp()
  return {
    plane,
    context,
    act: async (tool, args, waitMs = waitSeconds * 1_000) => {
      const caller = await authenticate(plane.authorities, tokens.agents.bench, false)
      const { action_id } = await submitAction(plane, caller, {
        plan: { steps: [{ id: 'step1', tool, args }] },
        context: { request_id: randomUUID(), ticket_id: 'zd_1' },
      })
      return getAction(plane, caller, action_id, waitMs)
    },
    close: async () => {
      await worker.stop()
      await endings.close()
      await context.close()
    },
  }
}

/** The action, if it did what was asked for. */
export function succeeded(action: Pick<ActionView, 'outcome' | 'explanation'>): void {
  if (action.outcome !== 'succeeded')
    throw new Error(`an action did not succeed: ${action.outcome}, ${action.explanation}`)
}
