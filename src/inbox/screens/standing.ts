import { isStrong, peopleNeeded } from '../../domain/approval.js'
import type { Approval, Me, Vote } from '../api/views.js'
import { tellMethod, tellPrincipal } from '../words.js'

/** Where a request stands for whoever looks. */
export interface StandingNow {
  /** There is something for them to decide. */
  readonly open: boolean
  /** What is to be said about it; empty while it is simply open. */
  readonly says: string
  readonly kind: 'open' | 'approved' | 'rejected' | 'over' | 'watching'
}

/** `listed`: the server counts it among what waits for them. */
export function standingOf(approval: Approval, me: Me, now: number, listed: boolean): StandingNow {
  const over = (says: string) => ({ open: false, says, kind: 'over' as const })
  switch (approval.state) {
    case 'rejected':
      return { open: false, says: `Rejected${byWhom(approval, 'reject')}. Nothing of this is done.`, kind: 'rejected' }
    case 'approved':
      return {
        open: false,
        says: `Approved${byWhom(approval, 'approve')}. Nothing is left to decide.`,
        kind: 'approved',
      }
    case 'expired':
      return over(tellExpired(approval))
    case 'cancelled':
      return over(
        `Cancelled${approval.cancelled_by ? ` by ${tellPrincipal(approval.cancelled_by)}` : ''}. Nothing of this is done.`,
      )
    case 'stale':
      return over(
        'What would run is no longer what is shown here: it is being put together anew, and then asked for again.',
      )
    case 'superseded':
      return over('Something changed, so that this was put together and asked for anew. Nothing is done by this one.')
    case 'ended':
      return over('The action ended without this. Nothing of this is done.')
    case 'waiting':
      break
  }
  if (Date.parse(approval.expires_at) <= now) return over(tellExpired(approval))
  const own = ownVote(approval, me)
  if (own?.counts)
    return {
      open: false,
      says: `You ${past[own.vote] ?? own.vote} this ${tellMethod(own.method)}. ${tellIncomplete(approval)}.`,
      kind: 'approved',
    }
  if (!listed && !mayDecide(approval, me))
    return { open: false, says: 'You can read this, but it is not for you to decide.', kind: 'watching' }
  return { open: true, says: own ? tellLapsed(own) : '', kind: 'open' }
}

/** The newest vote of whoever looks. */
export function ownVote({ votes }: Pick<Approval, 'votes'>, { principal }: Pick<Me, 'principal'>): Vote | undefined {
  return votes.findLast(({ approver }) => approver === principal)
}

/** Of a vote that is not worth anything any more, and was not taken back. */
function tellLapsed({ vote }: Vote): string {
  if (vote === 'withdraw') return ''
  return `Your ${vote === 'reject' ? 'rejection' : 'approval'} counts no longer: decide again.`
}

/** What keeps a request waiting that somebody has approved: others, or only that nobody has acted on it yet. */
export function tellIncomplete(approval: Approval): string {
  const { requirements } = approval
  const given = approvalsOf(approval)
  if (given.length < peopleNeeded(requirements)) return 'Others still decide'
  if (given.filter(({ method }) => isStrong(method)).length < (requirements.strong ?? 0))
    return 'It is not complete yet'
  const people = given.map(({ approver }) => tellPrincipal(approver))
  return people.length > 1 ? `${listed(people)} approved: it has not begun yet` : 'It has not begun yet'
}

function tellExpired(approval: Approval): string {
  const given = approvalsOf(approval).length
  const enough = given >= peopleNeeded(approval.requirements)
  const why = given === 0 ? 'nobody decided' : enough ? 'it was not complete' : 'not enough people decided'
  return `Expired: ${why} in time, and nothing of this is done.`
}

function approvalsOf({ votes }: Approval): Vote[] {
  return votes.filter(({ vote, counts }) => vote === 'approve' && counts)
}

const past: Readonly<Record<string, string>> = { approve: 'approved', reject: 'rejected' }

// The server has the last word: here it only decides whether the buttons are shown.
function mayDecide({ groups, your_vote, escalations }: Approval, { groups: own }: Me): boolean {
  // Whoever is part of the request decides on it only where there is nobody else, and then it is listed.
  if (your_vote.self_approved) return false
  const standing = escalations.filter(({ due, to }) => due && own.includes(to)).map(({ group }) => group)
  return [...own, ...standing].some((group) => groups.includes(group))
}

function byWhom({ votes }: Approval, kind: string): string {
  const by = votes.filter(({ vote, counts }) => vote === kind && counts)
  const told = by.map(({ approver, method }) => `${tellPrincipal(approver)} ${tellMethod(method)}`)
  return told.length === 0 ? '' : ` by ${listed(told)}`
}

function listed(texts: readonly string[]): string {
  return [texts.slice(0, -1).join(', '), ...texts.slice(-1)].filter(Boolean).join(' and ')
}
