import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import type { Stack } from 'exequatur/dev'

const run = promisify(execFile)

export interface HistoryEvent {
  readonly eventId: string
  readonly eventType: string
  readonly activityTaskScheduledEventAttributes?: { readonly activityType?: { readonly name?: string } }
}

/** The Temporal CLI, as anybody with access to the namespace could use it. */
export interface TemporalCli {
  readonly signal: (workflowId: string, input?: readonly string[]) => Promise<void>
  readonly cancel: (workflowId: string) => Promise<void>
  readonly terminate: (workflowId: string) => Promise<void>
  readonly delete: (workflowId: string) => Promise<void>
  /** Resets the latest run to before the first activity of this type; resolves to the new run's id. */
  readonly resetBefore: (workflowId: string, activityType: string) => Promise<string>
  readonly history: (workflowId: string) => Promise<{ readonly events: readonly HistoryEvent[] }>
}

export function temporalCli({ temporal }: Stack): TemporalCli {
  const workflow = async (...args: string[]): Promise<string> => {
    const where = ['--address', temporal.address, '--namespace', temporal.namespace]
    const { stdout } = await run(temporal.binary ?? 'temporal', ['workflow', ...args, ...where], {
      maxBuffer: 64 << 20,
    })
    return stdout
  }
  const history = async (id: string) =>
    JSON.parse(await workflow('show', '--workflow-id', id, '-o', 'json')) as { events: HistoryEvent[] }
  return {
    signal: async (id, input = []) => {
      await workflow('signal', '--workflow-id', id, '--name', 'approval', ...input)
    },
    cancel: async (id) => {
      await workflow('cancel', '--workflow-id', id)
    },
    terminate: async (id) => {
      await workflow('terminate', '--workflow-id', id)
    },
    delete: async (id) => {
      await workflow('delete', '--workflow-id', id)
    },
    history,
    resetBefore: async (id, activityType) => {
      const { events } = await history(id)
      const scheduled = events.findIndex(
        ({ activityTaskScheduledEventAttributes: attributes }) => attributes?.activityType?.name === activityType,
      )
      const before = events
        .slice(0, scheduled)
        .findLast(({ eventType }) => eventType === 'EVENT_TYPE_WORKFLOW_TASK_COMPLETED')
      if (!before) throw new Error(`${id} never scheduled ${activityType}`)
      const answer = await workflow(
        'reset',
        '--workflow-id',
        id,
        '--event-id',
        before.eventId,
        '--reason',
        'demo',
        '-o',
        'json',
      )
      return (JSON.parse(answer) as { runId: string }).runId
    },
  }
}
