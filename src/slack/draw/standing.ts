import type { ApprovalView } from '../../control-plane/approval-view.js'
import type { Ending } from '../../control-plane/slack/slack-posts.js'
import { tellRequirements } from '../../domain/policy.js'
import { printable } from '../../domain/printable.js'
import { tellStop } from '../../domain/stop.js'
import { listed } from './lists.js'
import { type Block, clip, isolated, lines, type Piece } from './texts.js'

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
  const votes = view.votes
    .slice(-mostVotes)
    .map(({ approver, vote, method, at, reason, counts, self_approved }): Piece[] => [
      { bold: `${vote} ` },
      `by ${theirs(approver)} (${method}), `,
      { until: at },
      ...(reason === '' ? [] : [`: ${theirs(reason)}`]),
      ...(self_approved ? [{ bold: ' SELF-APPROVED' }] : []),
      ...(counts || vote === 'withdraw' ? [] : [' (does not count)']),
    ])
  const asked = view.asked
    .slice(0, mostPeople)
    .map(({ person, groups }) => `${theirs(person)}${groups.length > 0 ? ` (${theirs(groups.join(', '))})` : ''}`)
  const more = view.asked.length > mostPeople ? [`${view.asked.length - mostPeople} more`] : []
  return [
    lines([
      [{ bold: 'Needs ' }, theirs(tellRequirements(view.requirements)) || 'nobody'],
      ...(open ? [[{ bold: 'May decide: ' }, [...asked, ...more].join(', ') || 'nobody']] : []),
      ...(open ? [[{ bold: 'Expires ' }, { until: view.expires_at }]] : []),
      ...view.escalations
        .filter(() => open)
        .map(({ group, to, at, due }): Piece[] => [
          `${theirs(to)} may stand for ${theirs(group)} ${due ? 'since' : 'from'} `,
          { until: at },
        ]),
    ]),
    ...listed('Votes', votes),
    ...(view.state === 'stale'
      ? [lines([['What would run, or the policy, changed since this was sealed: it is being sealed anew.']])]
      : []),
    ...(view.stopped ? [lines([[{ bold: theirs(tellStop(view.stopped)) }]])] : []),
    ...(ending ? [lines([[{ bold: `${ending.outcome}` }, `: ${theirs(ending.explanation)}`]])] : []),
  ]
}

function theirs(text: string): string {
  return isolated(clip(printable(text), longestReason))
}
