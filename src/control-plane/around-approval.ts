import type { Risk } from '../domain/contract.js'
import { dueEscalations } from '../domain/escalation.js'
import { workflowId } from '../domain/ids.js'
import { linkTo } from '../domain/links.js'
import { isAtMost, mayApproveBy } from '../domain/surface-rules.js'
import type { Admitted, EvidenceDeps } from '../evidence/admitted.js'
import { groupsFor, scheduleOf } from '../evidence/deadlines.js'
import { riskOf } from '../evidence/risk.js'
import { chainOf, isEntitled } from '../evidence/votes.js'
import type { EnvelopeRow, VoteRow } from '../ledger/action-record.js'
import type { ControlPlane } from './control-plane.js'

/** What surrounds an approval request: who else is asked, where to look things up, how it may be approved. */
export interface AroundApproval {
  /** Highest of the steps that are asked for. */
  readonly risk: Risk
  /** Which ways are strong enough to approve this: a click in Slack, the inbox without a passkey, `--yes` of the CLI. */
  readonly approve_by: { readonly slack: boolean; readonly inbox: boolean; readonly unasked: boolean }
  /** Who else may decide now and has not, and for which of the groups that are asked. */
  readonly asked: readonly { readonly person: string; readonly groups: readonly string[] }[]
  /** Addresses to look things up at. */
  readonly links: Readonly<Record<'ticket' | 'incident' | 'user' | 'workflow' | 'inbox', string | null>>
}

/** All of it, for somebody who looks; `votes` are those that count. */
export function aroundApproval(
  plane: Pick<EvidenceDeps, 'people'> & Pick<ControlPlane, 'surfaceRules' | 'links' | 'uiLink' | 'inbox'>,
  admitted: Admitted,
  row: EnvelopeRow,
  { person, votes }: { readonly person: string; readonly votes: readonly VoteRow[] },
): AroundApproval {
  const { surfaceRules } = plane
  const risk = riskOf(admitted, row)
  const decided = votes.filter(({ vote }) => vote !== 'withdraw').map(({ approver }) => approver)
  return {
    risk,
    approve_by: {
      slack: mayApproveBy(surfaceRules, 'slack', risk),
      inbox: mayApproveBy(surfaceRules, 'inbox', risk),
      unasked: isAtMost(risk, surfaceRules.unaskedUpTo),
    },
    asked: askedOf(plane, admitted, row, [person, ...decided]),
    links: linksOf(plane, admitted, row),
  }
}

function askedOf(
  deps: Pick<EvidenceDeps, 'people'>,
  admitted: Admitted,
  row: EnvelopeRow,
  but: readonly string[],
): AroundApproval['asked'] {
  const { escalations = [], nowMs } = scheduleOf(row)
  const groups = [...row.approver_groups, ...dueEscalations(escalations, nowMs).map(({ to }) => to)]
  const members = new Set(groups.flatMap((group) => admitted.authority.membersOf(group)))
  const chain = chainOf(admitted)
  return [...members]
    .filter((person) => !but.includes(person) && isEntitled(deps, admitted, person, row, chain))
    .sort()
    .map((person) => ({
      person,
      groups: groupsFor(admitted, row, person).filter((group) => row.approver_groups.includes(group)),
    }))
}

function linksOf(
  { links, uiLink, inbox }: Pick<ControlPlane, 'links' | 'uiLink' | 'inbox'>,
  { record, request: { context } }: Admitted,
  row: Pick<EnvelopeRow, 'id'>,
): AroundApproval['links'] {
  return {
    ticket: linkTo(links.ticket, context.ticket_id),
    incident: linkTo(links.incident, context.incident_id),
    user: linkTo(links.user, context.user_id),
    workflow: uiLink(workflowId(record.tenant, record.id), record.run_id),
    inbox: linkTo(`${inbox.publicUrl}/inbox/approvals/{id}`, row.id),
  }
}
