import type { EffectReport, StepRef } from '../domain/activities.js'
import type { RegisteredContract } from '../domain/contract.js'
import { type Attempt, nextMove, promiseFor } from '../domain/execution.js'
import type { Effect } from '../domain/lifecycle.js'
import { tellStop } from '../domain/stop.js'
import { verifiedEffect } from '../domain/verification.js'
import type { CallRef } from '../ledger/queries/record-intent.js'
import { type Admitted, type EvidenceDeps, observationKey, pinnedContract } from './admitted.js'
import { lookOfRound } from './looks.js'
import { stopOf } from './stops.js'
import { wantedLook } from './turn.js'
import { envelopeOf, validVotes } from './votes.js'

/** What the ledger says of one phase of a step. */
export function effectReport(deps: EvidenceDeps, admitted: Admitted, ref: StepRef): EffectReport {
  const { record } = admitted
  const at = rowsOf(ref)
  const decision =
    record.decisions.findLast((row) => row.stage === 'intent' && at(row) && row.round === ref.round) ?? null
  const outcomes = record.outcomes.filter(at)
  const outcome = outcomes.find(({ effect }) => effect !== 'unknown') ?? outcomes.at(-1)
  const found = record.verifications.find(at)
  const intended = record.intents.some(at)
  const standing = intended ? claimedEffect(admitted, ref, outcome?.effect) : refusedState(deps, admitted, ref)
  const claimed = standing === 'none' ? closedState(admitted, intended, found !== undefined) : standing
  const look =
    claimed === 'none' && ref.phase === 'execute' && !intended ? wantedLook(admitted, ref.step, ref.round) : null
  return {
    state: isEffect(claimed) && found ? verifiedEffect(claimed, found.found) : claimed,
    verified: found !== undefined,
    output: outcome?.output ?? null,
    error: outcome?.error ?? null,
    decision: decision && {
      result: decision.result,
      policy_ids: decision.policy_ids,
      policy_digest: decision.policy_digest,
      explanation: decision.explanation,
    },
    ...(look !== null && { look }),
  }
}

type CallOf = Pick<CallRef, 'step' | 'phase' | 'generation'> | StepRef

/** The rows of one call: a step's phase, and of an observation the look that is meant. */
function rowsOf(call: CallOf) {
  const look = 'generation' in call ? call.generation : lookOfRound(call.round)
  return (row: { readonly step: string; readonly phase: string; readonly generation?: number }) =>
    row.step === call.step && row.phase === call.phase && (call.phase !== 'observe' || row.generation === look)
}

/** The attempts of a call, each with what it came to. */
export function attemptsOf({ record }: Admitted, call: CallOf): (Attempt & { attempt: number })[] {
  const at = rowsOf(call)
  return record.attempts.filter(at).map(({ attempt, age_ms }) => ({
    attempt,
    age_ms,
    effect: record.outcomes.find((row) => at(row) && row.attempt === attempt)?.effect ?? null,
  }))
}

/** Why nobody may call this now. What only waits may be called once somebody resumes. */
export interface Withheld {
  readonly reason: string
  readonly waits: boolean
}

/** What is in the way of a call, whatever the policy says: cancelled, revoked or stopped. Null if nothing is. */
export function withheld(admitted: Admitted, contract: RegisteredContract, undo: boolean): Withheld | null {
  const forGood = forbidden(admitted, contract, undo)
  if (forGood) return { reason: forGood, waits: false }
  const stop = stopOf(admitted.authority, admitted.request, contract.contract.name, undo)
  return stop ? { reason: `EXQ-1110 ${tellStop(stop)}`, waits: stop.pending === 'wait' } : null
}

function forbidden(admitted: Admitted, contract: RegisteredContract, undo: boolean): string | null {
  const { record, request, authority } = admitted
  const agent = authority.principal(request.agent)
  if (contract.status === 'withdrawn')
    return `EXQ-1107 ${contract.contract.name} v${contract.contract.version} has been withdrawn.`
  if (undo) return null
  if (record.cancellation)
    return `EXQ-5007 Cancelled by ${record.cancellation.cancelled_by}: ${record.cancellation.reason}`
  for (const id of [request.agent, agent?.owner, request.on_behalf_of, ...(request.actors ?? [])]) {
    const gone = id && whyGone(admitted, id)
    if (gone) return gone
  }
  return null
}

/** Only who is live counts. An actor that nobody ever linked to a principal was let in as a stranger, and stays one. */
function whyGone({ authority }: Admitted, id: string): string | null {
  const account = id.startsWith('oidc:') ? authority.accountBy(id) : null
  if (account === undefined) return null
  if (account?.state === 'removed') return `EXQ-2014 ${id} is no longer linked.`
  const principal = authority.principal(account?.principal ?? id)
  if (!principal) return `EXQ-2004 ${id} is not known.`
  return principal.state === 'live' ? null : `EXQ-2015 ${principal.principal} is ${principal.state}.`
}

function claimedEffect(admitted: Admitted, ref: StepRef, effect: Effect | undefined): EffectReport['state'] {
  if (effect === 'committed' || effect === 'not-committed') return effect
  const contract = pinnedContract(admitted, ref.phase === 'observe' ? observationKey(ref.step) : ref.step)
  if (!contract) return 'unknown'
  const attempts = attemptsOf(admitted, ref)
  const promise = promiseFor(contract.contract, ref.phase)
  const move = nextMove(attempts, promise)
  if (move === 'look-up' || move === 'give-up') return 'unknown'
  if (move !== 'call') return 'none'
  const held = withheld(admitted, contract, ref.phase === 'compensate')
  if (!held || held.waits) return 'none'
  // Held back for good, once no attempt can still be answered.
  const open = attempts.some(({ effect, age_ms }) => effect === null && age_ms < promise.call_timeout_ms)
  return open ? 'none' : 'unknown'
}

/** Nothing more is done once an action has ended, or once a call was looked at and given up. */
function closedState({ record }: Admitted, intended: boolean, verified: boolean): EffectReport['state'] {
  if (intended && verified) return 'unknown'
  if (record.outcome === null) return 'none'
  return intended ? 'unknown' : 'denied'
}

function refusedState(deps: EvidenceDeps, admitted: Admitted, ref: StepRef): EffectReport['state'] {
  const { record } = admitted
  if (record.cancellation && ref.phase !== 'compensate') return 'cancelled'
  const decision = record.decisions.find(
    (row) => row.stage === 'intent' && row.step === ref.step && row.phase === ref.phase && row.round === ref.round,
  )
  if (!decision || decision.result === 'allow') return 'none'
  const row = envelopeOf(admitted, ref.round)
  if (row && validVotes(deps, admitted, row).some(({ vote }) => vote === 'reject')) return 'rejected'
  return decision.result === 'deny' ? 'denied' : 'held'
}

function isEffect(state: EffectReport['state']): state is Effect {
  return state === 'committed' || state === 'not-committed' || state === 'unknown' || state === 'diverged'
}
