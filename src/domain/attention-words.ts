import type { AttentionReason } from './attention.js'

/** Why a person has to look, within a sentence. */
export const reasonWords: Readonly<Record<AttentionReason, string>> = {
  unknown: 'nobody knows whether the call had an effect',
  diverged: 'the real system shows something else than was answered',
  'not-undone': 'what was to be undone is still there',
  late: 'an effect came to light after the call had been settled otherwise',
}

/** The same as a sentence of its own. */
export function tellReason(reason: AttentionReason): string {
  const words = reasonWords[reason]
  return `${words.charAt(0).toUpperCase()}${words.slice(1)}.`
}
