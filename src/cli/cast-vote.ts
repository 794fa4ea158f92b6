import type { ApprovalView } from '../control-plane/approval-view.js'
import type { VoteKind } from '../domain/approval.js'
import { ExequaturError } from '../domain/errors.js'
import { acknowledgeFlags } from './acknowledge.js'
import type { Api } from './api.js'
import { askAgain } from './ask-again.js'
import { toShownError } from './cli-error.js'
import type { ConnectionOptions } from './connection.js'
import { type ExitCode, exitCodes } from './exit-codes.js'
import { inert } from './inert.js'
import type { Session } from './session.js'
import { renderApproval } from './show-approval.js'
import { toVote, type VoteWish } from './sign-vote.js'
import { widthOf } from './terminal.js'

export interface VoteOptions extends ConnectionOptions {
  readonly reason?: string
  readonly digest?: string
  readonly yes?: true
  readonly acknowledge?: string
}

/** Shows an approval request and votes for exactly what was shown. */
export async function castVote(session: Session, kind: VoteKind, id: string, options: VoteOptions): Promise<ExitCode> {
  const api = session.api(options)
  const shown = await findApproval(api, id)
  checkDigest(shown, options.digest)
  showOn(session, shown)
  const acknowledged = kind === 'approve' ? await acknowledgeFlags(session, shown, options.acknowledge) : []
  // Whoever typed what is acted on was asked already.
  const typed = acknowledged !== null && acknowledged.length > 0 && options.acknowledge === undefined
  if (acknowledged === null || !(typed || (await askAgain(session, kind, [shown], options.yes === true)))) {
    session.output.say('Nothing was decided.')
    return exitCodes.error.code
  }
  const after = await voteFor(session, api, shown, { vote: kind, reason: options.reason ?? '', acknowledged })
  session.output.show(after, tellVote(kind))
  if (kind === 'approve' && shown.your_vote.self_approved) {
    session.output.say((paint) =>
      paint.red(paint.bold('SELF-APPROVED: you are part of this request, and nobody else was asked.')),
    )
  }
  session.output.say(`How it goes on: \`exq watch ${inert(after.action_id)}\`.`)
  return exitCodes.ok.code
}

/**
 * Shows several approval requests, asks once and rejects them one by one. One that cannot be rejected does not keep the
 * others; the first error is thrown at the end.
 */
export async function rejectAll(session: Session, ids: readonly string[], options: VoteOptions): Promise<ExitCode> {
  const api = session.api(options)
  const shown = new Map<string, ApprovalView>()
  for (const id of ids) {
    const found = await findApproval(api, id)
    if (!shown.has(found.id)) showOn(session, found)
    shown.set(found.id, found)
  }
  if (!(await askAgain(session, 'reject', [...shown.values()], options.yes === true))) {
    session.output.say('Nothing was decided.')
    return exitCodes.error.code
  }
  const failures: unknown[] = []
  for (const each of shown.values()) {
    try {
      const vote = { vote: 'reject', reason: options.reason ?? '', acknowledged: [] } as const
      session.output.showEach(await voteFor(session, api, each, vote), tellVote('reject'))
    } catch (error) {
      failures.push(error)
      session.output.say(inert(`${each.id} is not rejected: ${toShownError(error).detail}`))
    }
  }
  if (failures.length > 0) throw failures[0]
  return exitCodes.ok.code
}

function checkDigest({ id, envelope_digest }: ApprovalView, digest: string | undefined): void {
  if (digest !== undefined && digest !== envelope_digest)
    throw new ExequaturError('EXQ-4004', `${id} has the envelope digest ${envelope_digest}`)
}

function showOn({ output, terminal }: Session, shown: ApprovalView): void {
  const width = terminal.stderr.isTTY ? widthOf(terminal, terminal.stderr) : undefined
  output.say((paint) => renderApproval(shown, paint, { width }))
}

function voteFor(session: Session, api: Api, shown: ApprovalView, wish: VoteWish): Promise<ApprovalView> {
  return toVote(api, session.terminal, shown, wish).then((vote) => {
    if (wish.vote === 'approve' && shown.method_needed === 'key' && !('statement' in vote)) {
      session.output.say((paint) =>
        paint.yellow('This needs approvals signed by a key of your own: `exq key create`, then approve again.'),
      )
    }
    return api.vote(shown.id, vote)
  })
}

function tellVote(kind: VoteKind): (after: ApprovalView) => string {
  return ({ id, state }) => `${kind} recorded on ${id}${state === 'waiting' ? '' : `: ${state}`}`
}

/** The approval request of that id, or of the action of that id. */
export async function findApproval(api: Api, id: string): Promise<ApprovalView> {
  if (!id.startsWith('act_')) return api.getApproval(id)
  const { approval } = await api.getAction(id)
  if (!approval) throw new ExequaturError('EXQ-4001', `${id} asks nobody for approval`)
  return api.getApproval(approval.id)
}
