import { randomUUID } from 'node:crypto'
import { NativeConnection, Worker } from '@temporalio/worker'
import type { AttackedDesk } from './attacked-desk.js'

/** Runs a workflow of one's own in the namespace, to its end. */
export async function runRogue(desk: AttackedDesk, workflow: string, args: readonly unknown[]): Promise<void> {
  const taskQueue = `rogue-${randomUUID()}`
  const connection = await NativeConnection.connect({ address: desk.stack.temporal.address })
  const worker = await Worker.create({
    connection,
    taskQueue,
    workflowsPath: new URL('./fixtures/rogue-workflows.ts', import.meta.url).pathname,
  })
  try {
    await worker.runUntil(
      desk.temporal.workflow.execute(workflow, { workflowId: taskQueue, taskQueue, args: [...args] }),
    )
  } finally {
    await connection.close()
  }
}
