import { confirm } from './confirm.js'
import type { ConnectionOptions } from './connection.js'
import { type ExitCode, exitCodes } from './exit-codes.js'
import { inert } from './inert.js'
import type { Session } from './session.js'
import { renderPolicyChange, tellNext } from './show-policy-change.js'
import { isInteractive } from './terminal.js'

export interface AgreeOptions extends ConnectionOptions {
  readonly reason?: string
  readonly yes?: true
}

/** Shows a change of policies and agrees, or objects, to exactly that: its id names what it leads from and to. */
export async function sayToPolicies(
  session: Session,
  vote: 'agree' | 'object',
  id: string,
  options: AgreeOptions,
): Promise<ExitCode> {
  const { output, terminal } = session
  const api = session.api(options)
  const shown = inert(await api.getPolicyChange(id))
  output.say((paint) => renderPolicyChange(shown, paint))
  const asks = shown.state === 'waiting' && !options.yes && !output.json && isInteractive(terminal)
  if (asks && !(await confirm(vote === 'agree' ? 'Agree to exactly this?' : 'Object to this?'))) {
    output.say('Nothing was recorded.')
    return exitCodes.error.code
  }
  const after = await api.agreeToPolicies(id, { vote, reason: options.reason ?? '' })
  output.show(after, ({ id, state }) => `${vote} recorded on ${id}: ${state}`)
  tellNext(output, after)
  return exitCodes.ok.code
}
