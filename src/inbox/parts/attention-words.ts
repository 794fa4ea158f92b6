import type { Choice } from '../../domain/attention.js'
import type { Effect } from '../../domain/lifecycle.js'

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
