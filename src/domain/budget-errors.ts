import { type ErrorEntry, entry } from './error-entry.js'

/** Errors about what all requests together may take. */
export const budgetErrors = {
  'EXQ-1121': entry(
    'A budget is used up',
    429,
    'See what is left and when more comes back: `exq budgets`; then ask again with a new request id.',
    true,
  ),
  'EXQ-1122': entry(
    'The same call is made again and again',
    429,
    'Look at what the earlier ones came to (`exq list`) instead of asking once more; how often is `loops` of the configuration.',
    true,
  ),
  'EXQ-1123': entry(
    'What the call spends is not known',
    422,
    'Name the amount in the arguments: `exq tools <name>` says which is `spend`.',
  ),
} as const satisfies Record<string, ErrorEntry>
