import { randomUUID } from 'node:crypto'
import { fileURLToPath } from 'node:url'
import { Client } from '@temporalio/client'
import { bundleWorkflowCode, DefaultLogger } from '@temporalio/worker'
import { type Context, runWorker } from '../src/context.js'
import type { JsonObject } from '../src/domain/json.js'
import { dataConverter } from '../src/temporal/data-converter.js'
import { type FloorActivities, floorQueue, type Shape, shapeOf } from './floor-shape.js'

/** Bare workflows: the same Temporal server, SDK, connection, converter and eager start as ours, and nothing else. */
export interface Floor {
  /** Runs the steps once and waits for the workflow's result; resolves to its id. */
  readonly run: (shape: Shape, tool: string, args: JsonObject) => Promise<string>
  /** What the history of a workflow holds. */
  readonly look: (workflowId: string) => Promise<{ readonly events: number; readonly shape: Shape }>
  readonly close: () => Promise<void>
}

export async function openFloor(context: Context): Promise<Floor> {
  const { connection, namespace } = context
  const activities: FloorActivities = { nothing: async () => ({ result: 'ok' }) }
  const worker = await runWorker(context, {
    taskQueue: floorQueue,
    workflowBundle: await bundleWorkflowCode({
      workflowsPath: fileURLToPath(new URL('./floor-workflow.ts', import.meta.url)),
      ...dataConverter,
      logger: new DefaultLogger('WARN'),
    }),
    activities: { ...activities },
    maxCachedWorkflows: 500,
  })
  const client = new Client({ connection, namespace, dataConverter })
  return {
    run: async (shape, tool, args) => {
      const workflowId = `floor/${randomUUID()}`
      await client.workflow.execute('floor', {
        workflowId,
        taskQueue: floorQueue,
        args: [shape, { tool, args, key: workflowId }],
        requestEagerStart: true,
        workflowExecutionTimeout: '30s',
      })
      return workflowId
    },
    look: async (workflowId) => {
      const { events } = await client.workflow.getHandle(workflowId).fetchHistory()
      return { events: events?.length ?? 0, shape: shapeOf(events ?? []) }
    },
    close: worker.stop,
  }
}
