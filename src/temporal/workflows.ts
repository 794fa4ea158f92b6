import { Client, ServiceError, WorkflowExecutionAlreadyStartedError, WorkflowNotFoundError } from '@temporalio/client'
import { type SearchAttributePair, TypedSearchAttributes } from '@temporalio/common'
import { historyToJSON } from '@temporalio/common/lib/proto-utils.js'
import type { NativeConnection } from '@temporalio/worker'
import type { ActionRef } from '../domain/activities.js'
import { decisionQueue, workflowId } from '../domain/ids.js'
import type { WorkflowStanding } from '../domain/reconciler.js'
import { type AdmittedRequest, subjectOf } from '../domain/request.js'
import { dataConverter } from './data-converter.js'
import { searchAttributes } from './search-attributes.js'

/** What the rest of Exequatur may do with workflows. A message to one is a hint, never an authority. */
export interface Workflows {
  /**
   * Starts the workflow of an admitted request; nothing happens if it runs. Resolves to its run id, or to null if it has
   * completed: then only `again` starts it.
   */
  readonly start: (
    admitted: AdmittedRequest,
    about: { readonly tools: readonly string[]; readonly risk: string },
    again?: 'again',
  ) => Promise<string | null>
  /** Says "look again". `gone`: no workflow runs that could; `full`: one runs, and takes no more signals. */
  readonly hint: (ref: ActionRef) => Promise<'heard' | 'gone' | 'full'>
  /**
   * How the latest run of an action stands, and which it is. `stuck`: its workflow tasks fail, or time out, again and again;
   * `absent`: there is none.
   */
  readonly standing: (ref: ActionRef) => Promise<{ readonly standing: WorkflowStanding; readonly runId: string | null }>
  /** Ends the run that stands, if any, so that another can be started. */
  readonly giveUp: (ref: ActionRef, reason: string) => Promise<void>
  /** The history of a run, as replayable JSON. */
  readonly history: (ref: ActionRef, runId?: string) => Promise<unknown>
  /** Runs one workflow that nobody admitted, so that the first real one does not pay for the start. */
  readonly warmUp: () => Promise<void>
  /** Checks that Temporal answers. */
  readonly ping: () => Promise<void>
}

export function createWorkflows(connection: NativeConnection, namespace: string): Workflows {
  const client = new Client({ connection, namespace, dataConverter })
  const handle = (ref: ActionRef, runId?: string) =>
    client.workflow.getHandle(workflowId(ref.tenant, ref.action_id), runId)
  return {
    start: async (admitted, about, again) => {
      const { request, action_id } = admitted
      try {
        const started = await client.workflow.start('actionRequest', {
          workflowId: workflowId(request.tenant, action_id),
          taskQueue: decisionQueue,
          args: [admitted],
          workflowIdConflictPolicy: 'USE_EXISTING',
          workflowIdReusePolicy: again ? 'ALLOW_DUPLICATE' : 'ALLOW_DUPLICATE_FAILED_ONLY',
          requestEagerStart: true,
          staticSummary: `${about.tools.join(', ')} for ${request.agent}`.slice(0, 150),
          typedSearchAttributes: new TypedSearchAttributes(attributesOf(admitted, about)),
        })
        return started.firstExecutionRunId
      } catch (error) {
        if (error instanceof WorkflowExecutionAlreadyStartedError) return null
        throw error
      }
    },
    hint: async (ref) => {
      try {
        await handle(ref).signal('approval')
        return 'heard'
      } catch (error) {
        if (error instanceof WorkflowNotFoundError) return 'gone'
        if (isOverLimit(error)) return 'full'
        throw error
      }
    },
    standing: async (ref) => {
      try {
        const { status, raw, runId } = await handle(ref).describe()
        const stuck = status.name === 'RUNNING' && (raw.pendingWorkflowTask?.attempt ?? 0) >= stuckAttempts
        return { standing: stuck ? 'stuck' : (standings[status.name] ?? 'running'), runId }
      } catch (error) {
        if (error instanceof WorkflowNotFoundError) return { standing: 'absent', runId: null }
        throw error
      }
    },
    giveUp: async (ref, reason) => {
      try {
        const { runId } = await handle(ref).describe()
        await handle(ref, runId).terminate(reason)
      } catch (error) {
        // Somebody else was quicker, or it ended by itself.
        if (!(error instanceof WorkflowNotFoundError)) throw error
      }
    },
    history: async (ref, runId) => JSON.parse(historyToJSON(await handle(ref, runId).fetchHistory())),
    warmUp: async () => {
      await client.workflow.execute('actionRequest', {
        workflowId: 'exequatur-warm-up',
        taskQueue: decisionQueue,
        args: [{}],
        workflowIdConflictPolicy: 'USE_EXISTING',
        workflowRunTimeout: '30s',
        staticSummary: 'makes the decision worker ready',
      })
    },
    ping: async () => {
      await connection.workflowService.getSystemInfo({})
    },
  }
}

const standings: Readonly<Record<string, WorkflowStanding>> = {
  COMPLETED: 'completed',
  FAILED: 'failed',
  CANCELLED: 'cancelled',
  TERMINATED: 'terminated',
  TIMED_OUT: 'timed-out',
}

// A worker that restarts, or a deployment that is taken back at once, costs fewer.
const stuckAttempts = 5

/** Ours carries nothing that could be invalid: what is refused as such is one signal too many. */
function isOverLimit(error: unknown): boolean {
  return error instanceof ServiceError && (error.cause as { code?: unknown } | undefined)?.code === invalidArgument
}
const invalidArgument = 3

function attributesOf(
  { request }: AdmittedRequest,
  about: { readonly tools: readonly string[]; readonly risk: string },
): SearchAttributePair[] {
  const subject = subjectOf(request.context)
  return [
    { key: searchAttributes.tenant, value: request.tenant },
    { key: searchAttributes.agent, value: request.agent },
    { key: searchAttributes.tool, value: [...about.tools] },
    { key: searchAttributes.risk, value: about.risk },
    { key: searchAttributes.stage, value: 'request' },
    { key: searchAttributes.requestId, value: request.context.request_id },
    ...(subject ? [{ key: searchAttributes.subject, value: subject }] : []),
  ]
}
