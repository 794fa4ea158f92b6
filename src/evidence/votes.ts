import { digest, digestBytes } from '../digest.js'
import { countApprovals, isStrong, mayVote } from '../domain/approval.js'
import { contentOf, type EnvelopeContent } from '../domain/envelope.js'
import { type RecordedVote, standingVotes } from '../domain/vote-revisions.js'
import type { EnvelopeRow, VoteRow } from '../ledger/action-record.js'
import { acknowledgesAll, namesToAcknowledge } from './acknowledgement.js'
import { type Admitted, type EvidenceDeps, pinnedContract } from './admitted.js'
import { groupsFor } from './deadlines.js'
import { doneBefore } from './done-before.js'
import { lookIn } from './looks.js'
import { movedBefore } from './moved.js'
import { envelopeIn } from './sealed-envelope.js'
import { sealedStep } from './sealed-step.js'
import { isProven } from './vote-proof.js'

export function envelopeOf({ record }: Admitted, round: number): EnvelopeRow | undefined {
  return record.envelopes.find((envelope) => envelope.round === round)
}

/** The votes that count: of each person the one that stands, by somebody who may vote now, for exactly these bytes. */
export function validVotes(deps: EvidenceDeps, admitted: Admitted, row: EnvelopeRow): VoteRow[] {
  if (digestBytes(row.envelope) !== row.digest || digestBytes(row.rendering) !== row.rendering_digest) return []
  const chain = chainOf(admitted)
  const names = namesToAcknowledge(row)
  return standingVotes(recordedVotes(deps, admitted, row))
    .map(({ row: vote }) => vote)
    .filter(
      ({ approver, vote, self_approved, acknowledged }) =>
        self_approved === chain.includes(approver) &&
        isEntitled(deps, admitted, approver, row, chain) &&
        (vote !== 'approve' || acknowledgesAll(names, acknowledged)),
    )
}

/** Every vote on an envelope, with whether it is proven. */
export function recordedVotes(
  deps: EvidenceDeps,
  admitted: Admitted,
  row: EnvelopeRow,
): (RecordedVote & { readonly row: VoteRow })[] {
  return admitted.record.votes
    .filter(({ approval_id }) => approval_id === row.id)
    .map((vote) => ({
      approver: vote.approver,
      revision: vote.revision,
      vote: vote.vote,
      strong: isStrong(vote.method),
      proven: isProven(deps, admitted, row, vote),
      row: vote,
    }))
}

/**
 * May this person decide on the action at all, as things stand now? Where there is one person only, that one may. Who asks
 * of many gives the chain along.
 */
export function isEntitled(
  deps: Pick<EvidenceDeps, 'people'>,
  admitted: Admitted,
  person: string,
  row: EnvelopeRow,
  known?: readonly string[],
): boolean {
  const principal = admitted.authority.principal(person)
  if (principal?.kind !== 'person' || principal.state !== 'live') return false
  const chain = deps.people === 'one' ? [] : (known ?? chainOf(admitted))
  return mayVote({ person, groups: groupsFor(admitted, row, person) }, { groups: row.approver_groups, chain })
}

/**
 * Everybody a request comes from, none of whom may decide on it: the agent, whom it acts for and through, the owners of
 * all of these, who wrote the policies that decided, and who changed its arguments.
 */
export function chainOf(admitted: Admitted): readonly string[] {
  const { record, request, authority } = admitted
  const asked = [request.agent, request.on_behalf_of, ...(request.actors ?? [])].filter((id) => id !== undefined)
  // An identity of an issuer stands for the principal it is, or was, linked to.
  const acting = asked.flatMap((id) => [id, ...(authority.accountBy(id) ? [authority.accountBy(id)?.principal] : [])])
  const owners = acting.map((id) => id && authority.principal(id)?.owner)
  const authors = decidingPolicies(record).map((id) => authority.authorOf(id))
  const amenders = admitted.amendments.map(({ amended_by }) => amended_by)
  return [...new Set([...acting, ...owners, ...authors, ...amenders].filter((id) => typeof id === 'string'))]
}

/** The policies of the newest round that decided, and those that would permit once people agree. */
function decidingPolicies({ decisions }: Admitted['record']): string[] {
  const asked = decisions.filter(({ stage }) => stage === 'policy')
  const round = Math.max(0, ...asked.map((row) => row.round))
  return asked
    .filter((row) => row.round === round)
    .flatMap(({ policy_ids, permitted_by }) => [...policy_ids, ...permitted_by])
}

/** What the votes on an envelope are worth to the policy for one step. */
export function approvalsFor(
  deps: EvidenceDeps,
  admitted: Admitted,
  step: string,
  row: EnvelopeRow,
  votes: readonly VoteRow[],
): Record<string, number> {
  const approvers = votes
    .filter(({ vote }) => vote === 'approve')
    .map(({ approver: person, method }) => ({
      person,
      groups: groupsFor(admitted, row, person),
      strong: isStrong(method),
    }))
  const contract = pinnedContract(admitted, step)?.contract
  return countApprovals(approvers, row.requirements, deps.groups, contract?.approvers ?? [])
}

/** Does what was sealed still describe what would run, under the policy now in force? */
export function isFresh(admitted: Admitted, row: EnvelopeRow): boolean {
  const sealed = contentOf(envelopeIn(row))
  return digest(sealed) === digest(presentContent(admitted, row.round))
}

export function presentContent(admitted: Admitted, round: number): EnvelopeContent {
  const { record, request, authority } = admitted
  const done = doneBefore(admitted, round)
  const steps = request.plan.steps.map((step) => sealedStep(admitted, step, round))
  return {
    tenant: record.tenant,
    action_id: record.id,
    round,
    chain: {
      agent: request.agent,
      owner: authority.principal(request.agent)?.owner ?? null,
      on_behalf_of: request.on_behalf_of ?? null,
      ...(request.actors && { actors: request.actors }),
    },
    request_digest: record.request_digest,
    request,
    ...amendedContent(admitted),
    steps: steps.filter(({ id }) => !done.has(id)),
    ...(done.size > 0 && { done: steps.filter(({ id }) => done.has(id)) }),
    observations: Object.fromEntries(
      request.plan.steps.flatMap(({ id }) => {
        const look = lookIn(admitted, id, round)
        return look ? [[id, look.output_digest]] : []
      }),
    ),
    ...movedContent(admitted, round),
    contracts: record.contracts,
    policy_digest: authority.policyDigest,
  }
}

/** What moved since earlier rounds were decided; nothing where nothing did. */
function movedContent(admitted: Admitted, round: number): Pick<EnvelopeContent, 'moved'> {
  const moved = movedBefore(admitted, round)
  return moved.length > 0 ? { moved } : {}
}

/** What people changed since the request was admitted; nothing where nobody did, so that digests of such content stay. */
function amendedContent({ amendments }: Admitted): Pick<EnvelopeContent, 'previous' | 'amendments'> {
  const previous = amendments.at(-1)?.previous_digest
  if (previous === undefined) return {}
  const told = amendments.map(({ step, amended_by, reason, changes }) => ({ step, amended_by, reason, changes }))
  return { previous, amendments: told }
}
