import { randomUUID } from 'node:crypto'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { readConfig } from '../src/config/config.js'
import type { Context } from '../src/context.js'
import type { ActionView } from '../src/control-plane/action-view.js'
import { authenticate } from '../src/control-plane/authenticate.js'
import type { ControlPlane } from '../src/control-plane/control-plane.js'
import { getAction } from '../src/control-plane/get-action.js'
import { submitAction } from '../src/control-plane/submit-action.js'
import type { JsonObject } from '../src/domain/json.js'
import { openServer } from '../src/open-server.js'
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
  const { context, plane, close } = await openServer(await readConfig('server'), 'exequatur-bench')
  await plane.workflows.warmUp()
  return {
    plane,
    context,
    act: async (tool, args, waitMs = waitSeconds * 1_000) => {
      const caller = await authenticate(plane, tokens.agents.bench, false)
      const { action_id } = await submitAction(plane, caller, {
        plan: { steps: [{ id: 'step1', tool, args }] },
        context: { request_id: randomUUID(), ticket_id: 'zd_1' },
      })
      return getAction(plane, caller, action_id, waitMs)
    },
    close,
  }
}

/** The action, if it did what was asked for. */
export function succeeded(action: Pick<ActionView, 'outcome' | 'explanation'>): void {
  if (action.outcome !== 'succeeded')
    throw new Error(`an action did not succeed: ${action.outcome}, ${action.explanation}`)
}
