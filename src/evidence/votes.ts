import { digest, digestBytes } from '../digest.js'
import { type Approver, countApprovals, mayVote, type VoteStatement } from '../domain/approval.js'
import { resolveArgs } from '../domain/arguments.js'
import type { RegisteredContract } from '../domain/contract.js'
import { contentOf, type Envelope, type EnvelopeContent } from '../domain/envelope.js'
import { at } from '../domain/json.js'
import type { EnvelopeRow, VoteRow } from '../ledger/action-record.js'
import { type Admitted, type EvidenceDeps, observationOf, pinnedContract } from './admitted.js'
import { groupsFor } from './deadlines.js'

export function envelopeOf({ record }: Admitted, round: number): EnvelopeRow | undefined {
  return record.envelopes.find((envelope) => envelope.round === round)
}

/** Votes that count: signed by a trusted key for exactly this envelope, by somebody who may vote now. */
export function validVotes(deps: EvidenceDeps, admitted: Admitted, row: EnvelopeRow): VoteRow[] {
  return admitted.record.votes.filter((vote) => {
    if (vote.approval_id !== row.id || !deps.verifySignature(vote.key_id, vote.statement, vote.signature)) return false
    const statement = JSON.parse(vote.statement) as VoteStatement
    return (
      statement.tenant === admitted.record.tenant &&
      statement.approval_id === row.id &&
      statement.envelope_digest === row.digest &&
      statement.rendering_digest === row.rendering_digest &&
      statement.approver === vote.approver &&
      statement.vote === vote.vote &&
      digestBytes(row.envelope) === row.digest &&
      digestBytes(row.rendering) === row.rendering_digest &&
      isEntitled(admitted, vote.approver, row)
    )
  })
}

/** May this person decide on the action at all, as things stand now? */
export function isEntitled(admitted: Admitted, person: string, row: EnvelopeRow): boolean {
  const { request, authority } = admitted
  const principal = authority.principal(person)
  if (principal?.kind !== 'person' || principal.state !== 'live') return false
  const amenders = admitted.amendments.map(({ amended_by }) => amended_by)
  const chain = [request.agent, authority.principal(request.agent)?.owner, request.on_behalf_of, ...amenders]
  return mayVote(approver(admitted, row, person), {
    groups: row.approver_groups,
    chain: chain.filter((id) => typeof id === 'string'),
  })
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
    .map(({ approver: person }) => approver(admitted, row, person))
  const contract = pinnedContract(admitted, step)?.contract
  return countApprovals(approvers, row.requirements, deps.groups, contract?.approvers ?? [])
}

/** Does what was sealed still describe what would run, under the policy now in force? */
export function isFresh(admitted: Admitted, row: EnvelopeRow): boolean {
  const sealed = contentOf(JSON.parse(row.envelope) as Envelope)
  return digest(sealed) === digest(presentContent(admitted, row.round))
}

function approver(admitted: Admitted, row: EnvelopeRow, person: string): Approver {
  return { person, groups: groupsFor(admitted, row, person) }
}

export function presentContent(admitted: Admitted, round: number): EnvelopeContent {
  const { record, request, authority } = admitted
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
    steps: request.plan.steps.map((step) => {
      const { contract } = pinnedContract(admitted, step.id) as RegisteredContract
      const observed = observationOf(admitted, step.id)
      // References are sealed as written: their values come later, and each is checked again before its effect.
      const args = { ...step.args, ...resolveArgs(step, contract, observed, () => null) }
      return {
        id: step.id,
        tool: contract.name,
        version: contract.version,
        title: contract.title,
        resource: `${contract.resource.type} ${at({ args, observed }, contract.resource.id) ?? ''}`,
        args,
        undoable: contract.effect === 'reversible',
      }
    }),
    observations: Object.fromEntries(record.observations.map(({ step, output_digest }) => [step, output_digest])),
    contracts: record.contracts,
    policy_digest: authority.policyDigest,
  }
}

/** What people changed since the request was admitted; nothing where nobody did, so that digests of such content stay. */
function amendedContent({ amendments }: Admitted): Pick<EnvelopeContent, 'previous' | 'amendments'> {
  const previous = amendments.at(-1)?.previous_digest
  if (previous === undefined) return {}
  const told = amendments.map(({ step, amended_by, reason, changes }) => ({ step, amended_by, reason, changes }))
  return { previous, amendments: told }
}
