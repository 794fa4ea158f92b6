import type { ApprovalView } from '../control-plane/approval-view.js'
import { drawLines } from '../domain/draw-rendering.js'
import { printable } from '../domain/printable.js'
import { readRendering } from '../domain/rendering.js'
import { tellStop } from '../domain/stop.js'
import type { Paint } from './output.js'

/** What a vote is for, drawn; of envelopes from before there were descriptions the text that they have. */
function linesOf(text: string): string[] {
  const rendering = readRendering(text)
  // What a server made up could hold line ends of its own.
  return rendering ? drawLines(rendering).map(printable) : text.split('\n')
}

/** An approval request, with the rendering that a vote is for. */
export function renderApproval(approval: ApprovalView, paint: Paint): string {
  const votes = approval.votes.map(
    ({ approver, vote, reason, method, at, self_approved, counts }) =>
      `${vote} by ${approver} (${method})${self_approved ? ' SELF-APPROVED' : ''}, ${at}${reason ? `: ${reason}` : ''}${counts || vote === 'withdraw' ? '' : ' (does not count)'}`,
  )
  return [
    `${paint.bold(approval.id)}  ${paint.cyan(approval.state)}`,
    ...[...linesOf(approval.rendering), '', ...votes].map((line) => `${paint.dim('|')} ${line}`.trimEnd()),
    ...approval.escalations.map(({ group, to, at, due }) =>
      paint.dim(`  ${to} may stand for ${group} ${due ? 'since' : 'from'} ${at}${due ? '' : ' on'}`),
    ),
    ...(approval.method_needed === 'key' ? [paint.yellow('  needs approvals signed by a key: `exq key create`')] : []),
    ...(approval.stopped ? [paint.yellow(`  ${tellStop(approval.stopped)}`)] : []),
    paint.dim(`  action ${approval.action_id}, groups ${approval.groups.join(', ') || 'none'}`),
    paint.dim(`  envelope ${approval.envelope_digest}`),
  ].join('\n')
}

export function renderInbox(approvals: readonly ApprovalView[], paint: Paint): string {
  if (approvals.length === 0) return paint.dim('Nothing waits for you.')
  return approvals.map((approval) => renderApproval(approval, paint)).join('\n\n')
}
