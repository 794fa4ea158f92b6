import type { ApprovalView } from '../control-plane/approval-view.js'
import type { VoteKind } from '../domain/approval.js'
import { ExequaturError } from '../domain/errors.js'
import type { Api } from './api.js'
import type { ConnectionOptions } from './connection.js'
import { type ExitCode, exitCodes } from './exit-codes.js'
import { inert } from './inert.js'
import type { Session } from './session.js'
import { renderApproval } from './show-approval.js'
import { isInteractive } from './terminal.js'

export interface VoteOptions extends ConnectionOptions {
  readonly reason?: string
  readonly digest?: string
  readonly yes?: true
}

/** Shows an approval request and votes for exactly what was shown. */
export async function castVote(session: Session, kind: VoteKind, id: string, options: VoteOptions): Promise<ExitCode> {
  const { output, terminal } = session
  const api = session.api(options)
  const shown = await findApproval(api, id)
  if (options.digest !== undefined && options.digest !== shown.envelope_digest) {
    throw new ExequaturError('EXQ-4004', `${shown.id} has the envelope digest ${shown.envelope_digest}`)
  }
  output.say((paint) => renderApproval(inert(shown), paint))
  const asks = shown.state === 'waiting' && !options.yes && !output.json && isInteractive(terminal)
  if (asks && !(await confirm(kind))) {
    output.say('Nothing was decided.')
    return exitCodes.error.code
  }
  const { envelope_digest } = shown
  const after = await api.vote(shown.id, { vote: kind, reason: options.reason ?? '', envelope_digest })
  output.show(after, ({ id, state }) => `${kind} recorded on ${id}${state === 'waiting' ? '' : `: ${state}`}`)
  output.say(`How it goes on: \`exq watch ${inert(after.action_id)}\`.`)
  return exitCodes.ok.code
}

/** The approval request of that id, or of the action of that id. */
export async function findApproval(api: Api, id: string): Promise<ApprovalView> {
  if (!id.startsWith('act_')) return api.getApproval(id)
  const { approval } = await api.getAction(id)
  if (!approval) throw new ExequaturError('EXQ-4001', `${id} asks nobody for approval`)
  return api.getApproval(approval.id)
}

async function confirm(kind: VoteKind): Promise<boolean> {
  const prompts = await import('@clack/prompts')
  const message = kind === 'approve' ? 'Approve exactly this?' : 'Reject this?'
  return (await prompts.confirm({ message, initialValue: false, output: process.stderr })) === true
}
