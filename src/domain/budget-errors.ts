import { type ErrorEntry, entry } from './error-entry.js'

/** Errors about what all requests together may take. */
export const budgetErrors = {
  'EXQ-1121': entry(
    'A budget is used up',
    429,
    'Ask again with a new request id once room comes back: the explanation says when.',
    true,
  ),
  'EXQ-1123': entry(
    'What the call spends is not known',
    422,
    'Name the amount in the arguments: `exq tools <name>` says which is `spend`.',
  ),
} as const satisfies Record<string, ErrorEntry>
