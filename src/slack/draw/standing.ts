import type { ApprovalView } from '../../control-plane/approval-view.js'
import type { Ending } from '../../control-plane/slack/slack-posts.js'
import { printable } from '../../domain/printable.js'
import { tellStop } from '../../domain/stop.js'
import { listed } from './request.js'
import { type Block, clip, lines, type Piece } from './texts.js'

const mostVotes = 10
const mostPeople = 8
const longestReason = 300

/** Where a request stands, in a few words. */
export const states: Readonly<Record<ApprovalView['state'], string>> = {
  waiting: 'Approval needed',
  stale: 'Being sealed anew',
  rejected: 'Rejected',
  expired: 'Expired',
  cancelled: 'Cancelled',
  approved: 'Approved',
  superseded: 'Asked for anew',
  ended: 'Ended without this',
}

/** Who has to decide, who has, and until when it can be. */
export function drawStanding(view: ApprovalView, ending: Ending | null): Block[] {
  const open = view.state === 'waiting'
  const needed = Object.entries(view.requirements).map(([group, count]) => `${count} of ${group}`)
  const votes = view.votes
    .slice(-mostVotes)
    .map(({ approver, vote, method, at, reason, counts, self_approved }): Piece[] => [
      { bold: `${vote} ` },
      `by ${approver} (${method}), `,
      { until: at },
      ...(reason === '' ? [] : [`: ${clip(printable(reason), longestReason)}`]),
      ...(self_approved ? [{ bold: ' SELF-APPROVED' }] : []),
      ...(counts || vote === 'withdraw' ? [] : [' (does not count)']),
    ])
  const asked = view.asked.slice(0, mostPeople).map(({ person, groups }) => `${person} (${groups.join(', ')})`)
  const more = view.asked.length > mostPeople ? [`${view.asked.length - mostPeople} more`] : []
  return [
    lines([
      [{ bold: 'Needs ' }, needed.join(', ') || 'nobody'],
      ...(open ? [[{ bold: 'May decide: ' }, [...asked, ...more].join(', ') || 'nobody']] : []),
      ...(open ? [[{ bold: 'Expires ' }, { until: view.expires_at }]] : []),
      ...view.escalations
        .filter(() => open)
        .map(({ group, to, at, due }): Piece[] => [
          `${to} may stand for ${group} ${due ? 'since' : 'from'} `,
          { until: at },
        ]),
    ]),
    ...listed('Votes', votes),
    ...(view.state === 'stale'
      ? [lines([['What would run, or the policy, changed since this was sealed: it is being sealed anew.']])]
      : []),
    ...(view.stopped ? [lines([[{ bold: clip(printable(tellStop(view.stopped)), longestReason) }]])] : []),
    ...(ending
      ? [lines([[{ bold: `${ending.outcome}` }, `: ${clip(printable(ending.explanation), longestReason)}`]])]
      : []),
  ]
}
