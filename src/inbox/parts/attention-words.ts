import type { Choice } from '../../domain/attention.js'
import type { Effect } from '../../domain/lifecycle.js'
import type { Attention } from '../api/views.js'

/** Why a person has to look, in a sentence. */
export const reasonWords: Readonly<Record<Attention['reason'], string>> = {
  unknown: 'Nobody knows whether the call had an effect.',
  diverged: 'The real system shows something else than was answered.',
  'not-undone': 'What was to be undone is still there.',
  late: 'An answer came after the call had been settled otherwise.',
}

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
