import type { EffectReport, StepRef } from '../domain/activities.js'
import type { Choice } from '../domain/attention.js'
import { tellCancellation } from '../domain/compensation.js'
import type { RegisteredContract } from '../domain/contract.js'
import { isOpen, nextMove } from '../domain/execution.js'
import type { Effect } from '../domain/lifecycle.js'
import { longestPauseMs, type Waiting } from '../domain/settlement.js'
import { tellStop } from '../domain/stop.js'
import { verifiedEffect } from '../domain/verification.js'
import type { DecisionRow } from '../ledger/action-record.js'
import { type Admitted, committedOutput, type EvidenceDeps, observationKey, pinnedContract } from './admitted.js'
import { inDoubt, waitingFor } from './call-rows.js'
import { generationOf, ofPresent, resolutionOf } from './generation.js'
import { stopOf } from './stops.js'
import { wantedLook } from './turn.js'
import { envelopeOf, validVotes } from './votes.js'

/** What the ledger says of one phase of a step, in the generation it is in. */
export function effectReport(deps: EvidenceDeps, admitted: Admitted, ref: StepRef): EffectReport {
  const { record } = admitted
  const present = ofPresent(admitted, ref)
  const decision = record.decisions.findLast(intentOf(admitted, ref)) ?? null
  const outcomes = record.outcomes.filter(present)
  const outcome = outcomes.find(({ effect }) => effect !== 'unknown') ?? outcomes.at(-1)
  const found = record.verifications.find(present)
  const intended = record.intents.some(present)
  const standing = intended ? claimedEffect(admitted, ref, outcome?.effect) : refusedState(deps, admitted, ref)
  const claimed = standing === 'none' ? closedState(admitted, intended, found !== undefined) : standing
  const look = claimed === 'none' && ref.phase === 'execute' && !intended ? lookBefore(admitted, ref) : null
  // Of an undoing that was refused people decide too, although it never began.
  const resolution = intended || ref.phase === 'compensate' ? resolutionOf(admitted, ref) : null
  const seen = isEffect(claimed) && found ? verifiedEffect(claimed, found.found) : claimed
  const state = resolution ? resolvedState(resolution.choice, seen) : seen
  const waits = intended && !resolution ? waitsOf(admitted, ref, state, found !== undefined) : null
  return {
    state,
    verified: found !== undefined || resolution !== null,
    output: state === 'committed' ? committedOutput(admitted, ref) : (outcome?.output ?? found?.output ?? null),
    error: outcome?.error ?? null,
    decision: decision && {
      result: decision.result,
      policy_ids: decision.policy_ids,
      policy_digest: decision.policy_digest,
      explanation: decision.explanation,
    },
    ...(look !== null && { look }),
    ...(waits && { waits }),
    ...(resolution && { resolution: resolution.choice }),
    ...(record.outcome !== null && { closed: true }),
  }
}

/** The look that a step waits for; what is held back itself is not looked at first. */
function lookBefore(admitted: Admitted, { step, round }: StepRef): number | null {
  const contract = pinnedContract(admitted, step)
  return contract && !withheld(admitted, contract, false) ? wantedLook(admitted, step, round) : null
}

/** What a call came to, as people decided. What is left stays as it was seen. */
function resolvedState(choice: Choice, seen: EffectReport['state']): EffectReport['state'] {
  switch (choice) {
    case 'happened':
    case 'compensate':
      return 'committed'
    case 'did-not-happen':
      return 'not-committed'
    case 'leave':
    case 'attempt-again':
      return seen
  }
}

/** When a call that nobody has settled is looked at, or made, again; null where that is now, or never. */
function waitsOf(admitted: Admitted, ref: StepRef, state: EffectReport['state'], found: boolean): Waiting | null {
  if (admitted.record.outcome !== null || ref.phase === 'observe') return null
  // What is not undone after all is no reason to leave the rest: people are asked about it once that is done.
  if (state === 'diverged' && ref.phase === 'compensate') return null
  if (state === 'diverged')
    return { for: 'person', after_ms: longestPauseMs, reason: 'the answer and what is found differ' }
  const open = state === 'committed' || state === 'unknown' || state === 'none'
  const doubt = open && !found ? inDoubt(admitted, ref, state) : null
  // After a definite no a call is made again at once.
  const again = state === 'none' && doubt?.promise.class === 'queryable'
  return doubt && !again ? waitingFor(admitted, ref, doubt) : null
}

/** Picks the decision on the intent of a call. */
function intentOf(admitted: Admitted, { step, phase, round }: StepRef): (row: DecisionRow) => boolean {
  const decided = phase === 'compensate' ? undoRound(admitted, step) : round
  return (row) => row.stage === 'intent' && row.step === step && row.phase === phase && row.round === decided
}

/** The round that an undoing is decided in: each time that people order it anew, the policy is asked anew. */
export function undoRound(admitted: Admitted, step: string): number {
  return generationOf(admitted, step, 'compensate') + 1
}

/** Why nobody may call this now. What only waits may be called once somebody resumes. */
export interface Withheld {
  readonly reason: string
  readonly waits: boolean
}

/**
 * What is in the way of a call, whatever the policy says: cancelled, revoked or stopped. Null if nothing is. Undoing waits
 * for as long as it is stopped, whatever becomes of the calls of agents.
 */
export function withheld(admitted: Admitted, contract: RegisteredContract, undo: boolean): Withheld | null {
  const forGood = forbidden(admitted, contract, undo)
  if (forGood) return { reason: forGood, waits: false }
  const stop = stopOf(admitted.authority, admitted.request, contract.contract.name, undo)
  return stop ? { reason: `EXQ-1110 ${tellStop(stop)}`, waits: undo || stop.pending === 'wait' } : null
}

function forbidden(admitted: Admitted, contract: RegisteredContract, undo: boolean): string | null {
  const { record, request, authority } = admitted
  const agent = authority.principal(request.agent)
  if (contract.status === 'withdrawn')
    return `EXQ-1107 ${contract.contract.name} v${contract.contract.version} has been withdrawn.`
  if (undo) return null
  if (record.cancellation) return tellCancellation(record.cancellation)
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
  const doubt = inDoubt(admitted, ref, 'unknown')
  if (!contract || !doubt) return 'unknown'
  const { attempts, promise, looks } = doubt
  const move = nextMove(attempts, promise, looks)
  if (move === 'look-up' || move === 'give-up') return 'unknown'
  if (move !== 'call') return 'none'
  const held = withheld(admitted, contract, ref.phase === 'compensate')
  if (!held || (held.waits && attempts.length === 0)) return 'none'
  // Held back: what was tried already is looked at meanwhile, once no attempt can still be answered.
  return attempts.some((attempt) => isOpen(attempt, promise)) ? 'none' : 'unknown'
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
  // Of a plan that has halted nothing more is executed: a run that begins anew goes on with undoing.
  const halted = ref.phase === 'execute' && Boolean(record.halt)
  if (isOfEarlierRound(admitted, ref)) return halted ? 'denied' : 'held'
  const decision = record.decisions.find(intentOf(admitted, ref))
  if (!decision || decision.result === 'allow') return halted ? 'denied' : 'none'
  const row = ref.phase === 'execute' ? envelopeOf(admitted, ref.round) : undefined
  if (row && validVotes(deps, admitted, row).some(({ vote }) => vote === 'reject')) return 'rejected'
  return decision.result === 'deny' || halted ? 'denied' : 'held'
}

/** An order to attempt a call again is followed in a round of its own, decided and approved anew. */
function isOfEarlierRound(admitted: Admitted, { step, phase, round }: StepRef): boolean {
  const before = generationOf(admitted, step, phase) - 1
  const last = admitted.record.intents.find(
    (row) => row.step === step && row.phase === phase && row.generation === before,
  )
  return phase === 'execute' && last !== undefined && round <= last.round
}

function isEffect(state: EffectReport['state']): state is Effect {
  return state === 'committed' || state === 'not-committed' || state === 'unknown' || state === 'diverged'
}
