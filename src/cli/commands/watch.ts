import type { ActionView } from '../../control-plane/action-view.js'
import type { Api } from '../api.js'
import { apiCommand, type CliCommand, someSeconds } from '../cli-command.js'
import type { ConnectionOptions } from '../connection.js'
import { exitCodeOf } from '../exit-codes.js'
import { changesOf, tellChanges } from '../follow-action.js'
import { inert } from '../inert.js'
import { createLiveLines } from '../live-lines.js'
import type { Run, Session } from '../session.js'
import { howToDecide, standingOf, waitsForPeople } from '../show-action.js'
import { progressLines } from '../show-progress.js'
import { tellDuration } from '../tell-duration.js'
import { isRedrawable } from '../terminal.js'

type Options = ConnectionOptions & { readonly interval: number; readonly compact?: true }
type Follow = (session: Session, api: Api, id: string, options: Options) => Promise<ActionView | null>

const redrawMs = 500

export function watch(run: Run): CliCommand {
  return apiCommand(
    'watch <action>',
    'Follow an action until it ends; the exit code tells how. With `-o json`, one action a line, at each change.',
  )
    .completing({ action: 'open actions' })
    .option('--interval <seconds>', 'How often to look.', someSeconds, 0.5)
    .option('--compact', 'Leave out steps that are done, or have not begun.')
    .example('exq watch act_2b7q3m5x6z4n2b7q3m5x6z4n2b')
    .example('exq watch act_2b7q3m5x6z4n2b7q3m5x6z4n2b --compact --interval 5')
    .leadsTo('exq trail <action>', 'the whole story')
    .leadsTo('exq show <approval>', 'what people are asked')
    .action(
      run(async (session, id: string, options: Options) => {
        const { output, terminal } = session
        const drawn = !output.json && isRedrawable(terminal, terminal.stdout)
        const seen = await (drawn ? draw : tell)(session, session.api(options, true), id, options)
        if (seen?.outcome) tellEnd(session, seen)
        return exitCodeOf(seen?.outcome ?? null)
      }),
    )
}

/** Draws where the action is, in the same place each time. */
const draw: Follow = async ({ terminal, output }, api, id, { interval, compact = false }) => {
  const live = createLiveLines(terminal, terminal.stdout)
  let seen: ActionView | null = null
  const redraw = () => {
    if (!seen) return
    const waits = waitsForPeople(seen) ? ['', output.paint.dim(howToDecide(seen))] : []
    const lines = progressLines(inert(seen), output.paint, { nowMs: Date.now(), compact })
    live.draw([...lines, ...waits])
  }
  const clock = setInterval(redraw, redrawMs)
  try {
    for await (const action of changesOf(api, id, interval * 1_000)) {
      seen = action
      redraw()
    }
  } finally {
    clearInterval(clock)
  }
  return seen
}

/** Tells each change in a line. */
const tell: Follow = async ({ output }, api, id, { interval }) => {
  let seen: ActionView | null = null
  for await (const action of changesOf(api, id, interval * 1_000)) {
    const before: ActionView | null = seen
    if (output.json) output.showEach(action, () => '')
    else for (const line of tellChanges(before, action)) output.showEach(line, (text) => text)
    seen = action
  }
  return seen
}

function tellEnd({ output }: Session, action: ActionView): void {
  if (output.json) return
  const took = tellDuration(Date.parse(action.ended_at ?? '') - Date.parse(action.admitted_at))
  if (action.problem) output.error({ ...action.problem, errors: [] })
  output.say(inert(`${standingOf(action)} after ${took}. The whole story: \`exq trail ${action.id}\`.`))
  if (action.workflow.ui) output.say(inert(`In Temporal: ${action.workflow.ui}`))
}
