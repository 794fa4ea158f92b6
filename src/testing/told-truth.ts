import type { DownstreamClass } from '../domain/contract.js'
import type { Looked } from './looked.js'
import type { Called } from './stage.js'

/** What is wrong with what a call claims, beside what its downstream shows; null if nothing is. */
export function falseClaim({ effect, detail }: Called, made: number): string | null {
  if (made > 1) return `one call had ${made} effects`
  if (effect === 'committed' && made === 0) return 'it said that it happened, and nothing did'
  if (effect === 'not-committed' && made > 0) return `it gave a definite no (${detail}), though it happened`
  return null
}

/** What is wrong with a finding, beside what the downstream shows; null if nothing is. */
export function falseFinding({ found, error }: Looked, happened: boolean, promised: DownstreamClass): string | null {
  switch (found) {
    case 'committed':
      return happened ? null : 'verification says committed, and nothing is there'
    case 'not-committed':
      return happened ? 'verification says not-committed, though it happened' : null
    case 'diverged':
      return happened ? 'verification says diverged' : 'verification says diverged, and nothing is there'
    case 'unknown':
      // Only who can be asked has promised an answer.
      return promised === 'queryable' ? `verification cannot tell${error ? `: ${error}` : ''}` : null
  }
}
