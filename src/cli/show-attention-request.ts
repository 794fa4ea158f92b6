import type { Api } from './api.js'
import { type ExitCode, exitCodes } from './exit-codes.js'
import { inert } from './inert.js'
import { findAttention } from './resolve-attention.js'
import type { Session } from './session.js'
import { renderAttention } from './show-attention.js'

/** Shows what needs attention, by its id or that of the action, and how to decide. */
export async function showAttention({ output }: Session, api: Api, id: string): Promise<ExitCode> {
  const view = await findAttention(api, id)
  output.show(view, renderAttention)
  if (view.state === 'open' && view.your_resolution.may)
    output.say(inert(`To decide: \`exq attention resolve ${view.id} --<choice> --reason <text>\`.`))
  return exitCodes.ok.code
}
