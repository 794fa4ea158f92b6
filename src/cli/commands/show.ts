import type { ActionView } from '../../control-plane/action-view.js'
import type { ApprovalView } from '../../control-plane/approval-view.js'
import { leavesOut } from '../../domain/flags.js'
import type { Api } from '../api.js'
import { apiCommand, type CliCommand } from '../cli-command.js'
import { CliError, usageError } from '../cli-error.js'
import type { ConnectionOptions } from '../connection.js'
import { type ExitCode, exitCodes } from '../exit-codes.js'
import { inert } from '../inert.js'
import type { Run, Session } from '../session.js'
import { howToDecide, renderAction, showAction, waitsForPeople } from '../show-action.js'
import { renderApproval } from '../show-approval.js'
import { showAttention } from '../show-attention-request.js'
import { widthOf } from '../terminal.js'

interface ShowOptions extends ConnectionOptions {
  readonly whole?: true
}

export function show(run: Run): CliCommand {
  return apiCommand('show <id>', 'Show an approval request, an action, or what needs attention, by its id.')
    .completing({ id: 'anything to look at' })
    .option('--whole', 'Of an approval request: all of it, however long.')
    .example('exq show apr_2b7q3m5x6z4n2b7q3m5x6z4n2b --as person:ann')
    .example('exq show apr_2b7q3m5x6z4n2b7q3m5x6z4n2b --whole')
    .example('exq show act_2b7q3m5x6z4n2b7q3m5x6z4n2b -o json')
    .leadsTo('exq approve <approval>', 'or: exq reject <approval> --reason <text>')
    .leadsTo('exq watch <action>', 'how it goes on')
    .action(
      run((session, id: string, options: ShowOptions) => {
        const api = session.api(options)
        if (id.startsWith('apr_')) return showApproval(session, api, id, !!options.whole)
        if (options.whole) throw usageError('--whole takes the id of an approval request (apr_)', 'exq show')
        if (id.startsWith('att_')) return showAttention(session, api, id)
        if (id.startsWith('act_')) return showWhole(session, api, id)
        throw usageError(
          `${id} is no id of an approval request (apr_), an action (act_) or attention (att_)`,
          'exq show',
        )
      }),
    )
}

async function showApproval({ output, terminal }: Session, api: Api, id: string, whole: boolean): Promise<ExitCode> {
  const approval = await api.getApproval(id)
  const all = whole ? (await api.getWhole(id)).rendering : null
  const drawn = all === null ? approval : { ...approval, rendering: all }
  output.show(all === null ? approval : { ...approval, whole: all }, (_, paint) =>
    renderApproval(drawn, paint, { width: widthOn(terminal) }),
  )
  if (!whole && leavesOut(approval.flags)) output.say(inert(`All of it: \`exq show ${id} --whole\`.`))
  if (approval.state === 'waiting')
    output.say(inert(`To decide: \`exq approve ${id}\` or \`exq reject ${id} --reason <text>\`.`))
  else output.say(inert(`What became of it: \`exq show ${approval.action_id}\`.`))
  return exitCodes.ok.code
}

/** An action; where it waits for people and the caller is one of them, with what it asks for. */
async function showWhole({ output, terminal }: Session, api: Api, id: string): Promise<ExitCode> {
  const action = await api.getAction(id)
  const approval = output.json ? null : await approvalOf(api, action)
  if (!approval) showAction(output, action, false)
  else {
    const width = widthOn(terminal)
    output.show(
      action,
      (view, paint) => `${renderAction(view, paint)}\n\n${renderApproval(approval, paint, { width })}`,
    )
    output.say(howToDecide(action))
  }
  return exitCodes.ok.code
}

async function approvalOf(api: Api, action: ActionView): Promise<ApprovalView | null> {
  if (!waitsForPeople(action) || !action.approval) return null
  try {
    return await api.getApproval(action.approval.id)
  } catch (error) {
    // Agents may look at their action, and not at what people decide on.
    if (error instanceof CliError) return null
    throw error
  }
}

function widthOn(terminal: Session['terminal']): number | undefined {
  return terminal.stdout.isTTY ? widthOf(terminal, terminal.stdout) : undefined
}
