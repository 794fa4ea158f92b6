import { type AttentionReason, attentionReasons, type Choice } from '../../domain/attention.js'
import { tellReason } from '../../domain/attention-words.js'
import type { Effect } from '../../domain/lifecycle.js'

/** Why a person has to look, in a sentence. */
export const reasonWords = Object.fromEntries(
  attentionReasons.map((reason) => [reason, tellReason(reason)]),
) as Readonly<Record<AttentionReason, string>>

export const effectWords: Readonly<Record<Effect, string>> = {
  committed: 'it happened',
  'not-committed': 'it did not happen',
  unknown: 'not known',
  diverged: 'something else happened',
}

export const choiceWords: Readonly<Record<Choice, string>> = {
  happened: 'It happened',
  'did-not-happen': 'It did not happen',
  'attempt-again': 'Attempt it again',
  compensate: 'Undo it',
  leave: 'Leave it as it is',
}
