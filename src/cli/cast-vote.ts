import type { ApprovalView } from '../control-plane/approval-view.js'
import type { VoteKind } from '../domain/approval.js'
import { ExequaturError } from '../domain/errors.js'
import { acknowledgeFlags } from './acknowledge.js'
import type { Api } from './api.js'
import { confirm } from './confirm.js'
import type { ConnectionOptions } from './connection.js'
import { type ExitCode, exitCodes } from './exit-codes.js'
import { inert } from './inert.js'
import type { Session } from './session.js'
import { renderApproval } from './show-approval.js'
import { toVote } from './sign-vote.js'
import { isInteractive } from './terminal.js'

export interface VoteOptions extends ConnectionOptions {
  readonly reason?: string
  readonly digest?: string
  readonly yes?: true
  readonly acknowledge?: string
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
  const acknowledged = kind === 'approve' ? await acknowledgeFlags(session, shown, options.acknowledge) : []
  // Whoever typed what is acted on was asked already.
  const typed = acknowledged !== null && acknowledged.length > 0
  const asks = shown.state === 'waiting' && !typed && !options.yes && !output.json && isInteractive(terminal)
  if (acknowledged === null || (asks && !(await confirm(questions[kind])))) {
    output.say('Nothing was decided.')
    return exitCodes.error.code
  }
  const vote = await toVote(api, terminal, shown, { vote: kind, reason: options.reason ?? '', acknowledged })
  const signed = 'statement' in vote
  if (kind === 'approve' && shown.method_needed === 'key' && !signed) {
    output.say((paint) =>
      paint.yellow('This needs approvals signed by a key of your own: `exq key create`, then approve again.'),
    )
  }
  const after = await api.vote(shown.id, vote)
  output.show(after, ({ id, state }) => `${kind} recorded on ${id}${state === 'waiting' ? '' : `: ${state}`}`)
  if (kind === 'approve' && shown.your_vote.self_approved) {
    output.say((paint) =>
      paint.red(paint.bold('SELF-APPROVED: you are part of this request, and nobody else was asked.')),
    )
  }
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

const questions: Readonly<Record<VoteKind, string>> = {
  approve: 'Approve exactly this?',
  reject: 'Reject this?',
  withdraw: 'Take your approval back?',
}
