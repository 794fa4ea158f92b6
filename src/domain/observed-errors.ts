import { type ErrorEntry, entry } from './error-entry.js'

/** Where what was observed is not so any more, or is more than was counted. */
export const observedErrors = {
  'EXQ-5050': entry(
    'What this rests on has changed since it was decided',
    409,
    'See what moved (`exq get <action>`); ask again with a new request id.',
  ),
  'EXQ-5051': entry(
    'A reference came to a value outside of its range',
    409,
    'See the value (`exq get <action>`), and the range in the contract (`exq tools <name>`); ask again with another plan.',
  ),
  'EXQ-5052': entry(
    'Nobody knows how many objects it would touch',
    422,
    'The tool observes something else than its contract says: tell its owner (`exq tools <name>`).',
  ),
  'EXQ-5053': entry(
    'More objects were touched than were observed',
    502,
    'Compare both numbers with the real system (`exq trail <action>`), and tell the owner of the tool.',
  ),
} satisfies Record<string, ErrorEntry>
