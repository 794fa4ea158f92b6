import { readFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { isObject } from '../../domain/json.js'
import { apiCommand, type CliCommand } from '../cli-command.js'
import { usageError } from '../cli-error.js'
import type { ConnectionOptions } from '../connection.js'
import { exitCodes } from '../exit-codes.js'
import { inert } from '../inert.js'
import type { Run, Session } from '../session.js'

type Options = ConnectionOptions & { readonly file?: string; readonly workflowId?: string }

export function replay(run: Run): CliCommand {
  return apiCommand('replay [actions...]', 'Replay the histories of actions against the workflow code of this version.')
    .completing({ actions: 'actions' })
    .option('--file <path>', 'Replay a history from a file, as `temporal workflow show -o json` writes it.')
    .option('--workflow-id <id>', 'Its workflow id, where the file does not tell it.')
    .example('exq replay act_2b7q3m5x6z4n2b7q3m5x6z4n2b')
    .example('exq replay --file history.json')
    .action(
      run(async (session, ids: readonly string[], options: Options) => {
        if ((ids.length === 0) === (options.file === undefined)) {
          throw usageError('name either actions or a file', 'exq replay')
        }
        const { replayHistory } = await quietly()
        const sources =
          options.file === undefined
            ? ids.map((id) => () => download(session, id, options))
            : [() => readHistory(session, options.file as string)]
        for (const source of sources) {
          const found = await source()
          const workflowId = found.workflowId ?? options.workflowId ?? workflowIdIn(found.history)
          if (!workflowId)
            throw usageError('the history does not tell its workflow id: add --workflow-id', 'exq replay')
          await session.output.during(`Replaying ${inert(workflowId)} ...`, () =>
            replayHistory(found.history, workflowId),
          )
          const replayed = { workflow_id: workflowId, events: (found.history as { events: unknown[] }).events.length }
          session.output.showEach({ ...replayed, replays: true }, ({ workflow_id, events }, paint) =>
            paint.green(`${workflow_id} replays: ${events} events, the same decisions.`),
          )
        }
        return exitCodes.ok.code
      }),
    )
}

interface Found {
  readonly workflowId: string | null
  readonly history: unknown
}

async function download(session: Session, id: string, options: Options): Promise<Found> {
  const api = session.api(options)
  const { workflow } = await api.getAction(id)
  return { workflowId: workflow.id, history: await api.history(id) }
}

async function readHistory({ terminal }: Session, file: string): Promise<Found> {
  const text = await readFile(resolve(terminal.cwd, file), 'utf8')
  try {
    return { workflowId: null, history: JSON.parse(text) }
  } catch {
    throw usageError(`${file} is not JSON`, 'exq replay')
  }
}

/** The workflow id a history tells of itself; null if it does not. */
function workflowIdIn(history: unknown): string | null {
  const [first] = isObject(history) && Array.isArray(history.events) ? history.events : []
  const attributes: unknown = isObject(first) ? first.workflowExecutionStartedEventAttributes : undefined
  return isObject(attributes) && typeof attributes.workflowId === 'string' ? attributes.workflowId : null
}

/** Loads what replays, with a runtime that does not write logs between our lines. */
async function quietly() {
  const [{ DefaultLogger, Runtime }, replay] = await Promise.all([
    import('@temporalio/worker'),
    import('../../temporal/replay.js'),
  ])
  if (Runtime._instance === undefined) {
    Runtime.install({
      logger: new DefaultLogger('ERROR', () => undefined),
      telemetryOptions: { logging: { filter: 'OFF', forward: {} } },
      shutdownSignals: [],
    })
  }
  return replay
}
