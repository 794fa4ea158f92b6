import type { ActionView } from '../../control-plane/action-view.js'
import { apiCommand, type CliCommand } from '../cli-command.js'
import type { ConnectionOptions } from '../connection.js'
import { exitCodeOf } from '../exit-codes.js'
import { changesOf, tellChanges } from '../follow-action.js'
import type { Run } from '../session.js'
import { standingOf } from '../show-action.js'

export function watch(run: Run): CliCommand {
  return apiCommand(
    'watch <action>',
    'Follow an action until it ends. With `-o json`, one action a line, at each change.',
  )
    .completing({ action: 'open actions' })
    .example('exq watch act_2b7q3m5x6z4n2b7q3m5x6z4n2b')
    .action(
      run(async (session, id: string, options: ConnectionOptions) => {
        const { output } = session
        let seen: ActionView | null = null
        for await (const action of changesOf(session.api(options), id)) {
          const before: ActionView | null = seen
          if (output.json) output.showEach(action, () => '')
          else for (const line of tellChanges(before, action)) output.showEach(line, (text) => text)
          seen = action
          if (!action.outcome) output.status(`${standingOf(action)} ...`)
          else if (action.problem && !output.json) output.error({ ...action.problem, errors: [] })
        }
        return exitCodeOf(seen?.outcome ?? null)
      }),
    )
}
