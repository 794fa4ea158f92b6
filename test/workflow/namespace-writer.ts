import { randomUUID } from 'node:crypto'
import { Client, Connection, type ScheduleHandle, ScheduleNotFoundError } from '@temporalio/client'
import { NativeConnection, Worker } from '@temporalio/worker'
import type { TestDesk } from '../_util/desk.js'

export interface Impostor {
  readonly complete: (workflowId: string) => Promise<void>
  readonly close: () => Promise<void>
}

/** What anybody with write access to the namespace can do to workflows and schedules. */
export interface NamespaceWriter {
  /** Puts a run in its place that ends by its timeout, before anybody works on it. */
  readonly timeOut: (workflowId: string) => Promise<void>
  /** Has somebody stand by who puts a run in the place of another that completes, and was none of ours. */
  readonly openImpostor: () => Promise<Impostor>
  /** Has a workflow of this id wait, for whoever starts it to be given; resolves to what ends that. */
  readonly occupy: (workflowId: string) => Promise<() => Promise<void>>
  readonly schedule: (id: string) => ScheduleHandle
  readonly isScheduled: (id: string) => Promise<boolean>
  /** Terminates every run of a type as soon as it is seen, until stopped. */
  readonly keepTerminating: (workflowType: string) => () => Promise<void>
  readonly close: () => Promise<void>
}

export async function namespaceWriter({ stack }: TestDesk): Promise<NamespaceWriter> {
  const { address, namespace } = stack.temporal
  const connection = await Connection.connect({ address })
  const client = new Client({ connection, namespace })
  const replace = async (workflowId: string, taskQueue: string, runTimeout: string) => {
    await client.workflow.getHandle(workflowId).terminate('an attack')
    const started = await client.workflow
      .start('actionRequest', {
        workflowId,
        taskQueue,
        workflowIdConflictPolicy: 'TERMINATE_EXISTING',
        workflowIdReusePolicy: 'ALLOW_DUPLICATE',
        workflowRunTimeout: runTimeout as '1s',
      })
      .catch(() => null)
    await started?.result().catch(() => undefined)
  }
  return {
    timeOut: (workflowId) => replace(workflowId, `nobody-${randomUUID()}`, '1s'),
    openImpostor: async () => {
      const taskQueue = `stranger-${randomUUID()}`
      const native = await NativeConnection.connect({ address })
      const worker = await Worker.create({
        connection: native,
        namespace,
        taskQueue,
        workflowsPath: new URL('./fixtures/impostor.ts', import.meta.url).pathname,
      })
      const running = worker.run()
      return {
        complete: (workflowId) => replace(workflowId, taskQueue, '30s'),
        close: async () => {
          worker.shutdown()
          await running
          await native.close()
        },
      }
    },
    occupy: async (workflowId) => {
      const taskQueue = `nobody-${randomUUID()}`
      const occupier = await client.workflow.start('actionRequest', { workflowId, taskQueue })
      return async () => {
        await occupier.terminate('an attack')
      }
    },
    schedule: (id) => client.schedule.getHandle(id),
    isScheduled: async (id) => {
      try {
        await client.schedule.getHandle(id).describe()
        return true
      } catch (error) {
        if (error instanceof ScheduleNotFoundError) return false
        throw error
      }
    },
    keepTerminating: (workflowType) => {
      let stopped = false
      const run = async () => {
        while (!stopped) {
          for await (const { workflowId } of client.workflow.list({
            query: `WorkflowType = '${workflowType}' and ExecutionStatus = 'Running'`,
          }))
            await client.workflow
              .getHandle(workflowId)
              .terminate('an attack')
              .catch(() => undefined)
          const { info } = await client.schedule.getHandle('exequatur-reconcile').describe()
          for (const { action } of info.recentActions)
            await client.workflow
              .getHandle(action.workflow.workflowId)
              .terminate('an attack')
              .catch(() => undefined)
          await client.schedule
            .getHandle('exequatur-reconcile')
            .pause('an attack')
            .catch(() => undefined)
          await new Promise((done) => setTimeout(done, 20))
        }
      }
      const ended = run()
      return async () => {
        stopped = true
        await ended
      }
    },
    close: () => connection.close(),
  }
}
