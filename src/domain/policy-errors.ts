import { type ErrorEntry, entry } from './error-entry.js'

/** What the policy says, and how it is changed: group 3 of the error table. */
export const policyErrors = {
  'EXQ-3001': entry(
    'The policy denies this',
    403,
    'Read the detail: ask for less, or ask whoever keeps the policies for a permit. The deciding ones are in `exq get <action>`.',
  ),
  'EXQ-3002': entry('The policy set is not valid', 422, 'Correct it, then: `exq policy check`.'),
  'EXQ-3003': entry(
    'A policy could not be evaluated',
    403,
    'Guard optional attributes with `has`, then: `exq policy check`.',
  ),
  'EXQ-3004': entry(
    'A policy case gives another decision',
    422,
    'Correct the policy or the case, then: `exq policy test`.',
  ),
  'EXQ-3011': entry(
    'This person may not change the policies',
    403,
    'Ask somebody of the group that the detail names, or have yourself put into it.',
  ),
  'EXQ-3012': entry('There is no such change of policies', 404, 'List them: `exq policy changes`.'),
  'EXQ-3013': entry(
    'The change of policies is closed',
    409,
    'See what became of it: `exq policy changes`; then, if it is still wanted: `exq policy propose --note <text>`.',
  ),
  'EXQ-3014': entry(
    'Nobody could agree to a change of policies',
    409,
    'Declare the group in `groups` of the configuration, or name another one in `policyChanges`; start the server anew, and put people into it: `exq person create <name> --tenant <tenant> --group policy`.',
  ),
  'EXQ-3015': entry('These policies are in force already', 409, 'There is nothing to change: `exq policy log`.'),
} as const satisfies Record<string, ErrorEntry>
