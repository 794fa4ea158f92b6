import type { Effect } from './lifecycle.js'

/**
 * What is known after asking the real system. A claim that verification denies is `diverged`; an unknown claim takes
 * whatever the verification found; what was claimed to be committed and nobody could check is `unknown`.
 */
export function verifiedEffect(claimed: Effect, found: Effect): Effect {
  if (claimed === 'unknown') return found
  if (claimed === 'committed') return found === 'not-committed' ? 'diverged' : found
  if (claimed === 'not-committed') return found === 'committed' || found === 'diverged' ? 'diverged' : claimed
  return claimed
}
