import type { EffectClass } from './contract.js'
import type { JsonObject } from './json.js'

/**
 * Why a person has to look: nobody knows what a call came to; the real system shows something else than was answered;
 * what was to be undone is not; or an effect came to light after the call had been settled otherwise.
 */
export const attentionReasons = ['unknown', 'diverged', 'not-undone', 'late'] as const
export type AttentionReason = (typeof attentionReasons)[number]

/** Observations change nothing: what they came to is left to nobody. */
export type AttendedPhase = 'execute' | 'compensate'

/** A call of an action that people are asked about. */
export interface AttendedCall {
  readonly action_id: string
  readonly step: string
  readonly phase: AttendedPhase
  readonly generation: number
}

export const choices = ['happened', 'did-not-happen', 'attempt-again', 'compensate', 'leave'] as const
export type Choice = (typeof choices)[number]

/** `settled`: the real system was seen to answer, or something newer about the same call is asked. */
export const attentionStates = ['open', 'decided', 'settled'] as const
export type AttentionState = (typeof attentionStates)[number]

/** What the choices depend on. */
export interface AttentionCase {
  readonly reason: AttentionReason
  readonly phase: AttendedPhase
  readonly effect: EffectClass
  /** The action has ended: its call can be explained, and is neither made again nor undone. */
  readonly ended: boolean
  /** The real system was seen to have the effect. */
  readonly confirmed: boolean
  /** An answer that came late says that it happened, and no look has denied it. */
  readonly answered?: boolean
  /** People ordered another call in its place: it can be explained, and no more. */
  readonly left?: boolean
}

/** What a person may decide, in the order in which it is offered. */
export function choicesFor(attention: AttentionCase): Choice[] {
  return choices.filter((choice) => mayChoose(choice, attention))
}

function mayChoose(choice: Choice, attention: AttentionCase): boolean {
  const { reason, phase, effect, ended, confirmed, answered, left } = attention
  switch (choice) {
    case 'happened':
      return true
    case 'did-not-happen':
      return !confirmed && reason !== 'not-undone'
    case 'attempt-again':
      return !confirmed && !answered && !ended && !left && (phase === 'execute' || effect === 'reversible')
    case 'compensate':
      return phase === 'execute' && effect === 'reversible' && !ended && !left
    case 'leave':
      return reason === 'not-undone'
  }
}

/** Does this choice say what is so in the real system, and so need evidence? */
export function needsEvidence(choice: Choice): boolean {
  return choice === 'happened' || choice === 'did-not-happen'
}

/** May whoever chooses this give the output of a call whose answer was lost, so that it can be referred to and undone? */
export function takesOutput(choice: Choice, { phase }: Pick<AttentionCase, 'phase'>): boolean {
  return phase === 'execute' && (choice === 'happened' || choice === 'compensate')
}

/** What a choice leads to, in a sentence for whoever chooses. */
export function meaningOf(
  choice: Choice,
  { phase, ended, left }: Pick<AttentionCase, 'phase' | 'ended' | 'left'>,
): string {
  const undo = phase === 'compensate'
  switch (choice) {
    case 'happened':
      if (left)
        return 'It is recorded that the earlier call had its effect. The one made in its place stands for itself.'
      if (ended) return 'It is recorded that the effect is there. The action has ended and stays as it is.'
      return undo
        ? 'It counts as undone, by this call or by hand.'
        : 'It counts as committed and verified, and the plan goes on.'
    case 'did-not-happen':
      if (left)
        return 'It is recorded that the earlier call had no effect. The one made in its place stands for itself.'
      if (ended) return 'It is recorded that there is no effect. The action has ended and stays as it is.'
      return undo
        ? 'It counts as not undone, which again is for a person to decide on.'
        : 'It counts as not committed: the plan ends, and what was committed before is undone.'
    case 'attempt-again':
      return 'The call is made once more under a new key, after the policy and, where it says so, people have agreed anew. If the first one did happen, it happens twice.'
    case 'compensate':
      return 'It counts as committed; the plan goes no further, and all of it is undone.'
    case 'leave':
      return 'It stays in the real system, and the action ends needs-attention.'
  }
}

/** What is signed by the server, and by the person where `method` is `key`. */
export interface ResolutionStatement {
  /** Sets it apart from everything else that these keys sign. */
  readonly kind: 'resolution'
  readonly tenant: string
  readonly action_id: string
  readonly attention_id: string
  readonly step: string
  readonly phase: AttendedPhase
  readonly generation: number
  /** 1, 2, ... of one attention; the newest that was signed is the one that stands. */
  readonly revision: number
  /** Of what was shown to whoever decided. */
  readonly state_digest: string
  readonly choice: Choice
  readonly reason: string
  /** Where one can see that it is so: a ticket, an id in the real system. Null only where the choice claims nothing. */
  readonly evidence: string | null
  /** The output of a call whose answer was lost, as the person found it; null where they did not. */
  readonly output: JsonObject | null
  readonly decided_by: string
  /** How the person came in. */
  readonly account: string
  readonly method: string
  /** Decided by somebody who is part of the request, which only a deployment of one person allows. */
  readonly self_decided: boolean
  /** ISO 8601; by the ledger's clock, or near it where the person signs. */
  readonly at: string
}

/** A person's recorded decision that counts. */
export interface Resolution
  extends Pick<
    ResolutionStatement,
    'attention_id' | 'step' | 'phase' | 'generation' | 'choice' | 'reason' | 'evidence' | 'output' | 'decided_by' | 'at'
  > {
  /** Why it had to be decided. */
  readonly about: AttentionReason
}

/** The generation a call is in: each order to attempt it again begins the next one. */
export function generationAfter(
  resolutions: readonly Pick<Resolution, 'step' | 'phase' | 'generation' | 'choice'>[],
  call: { readonly step: string; readonly phase: string },
): number {
  const ordered = new Set(
    resolutions
      .filter(({ step, phase, choice }) => choice === 'attempt-again' && step === call.step && phase === call.phase)
      .map(({ generation }) => generation),
  )
  let generation = 0
  while (ordered.has(generation)) generation += 1
  return generation
}
