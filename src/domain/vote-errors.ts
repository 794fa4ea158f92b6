import { type ErrorEntry, entry } from './error-entry.js'

/** The part of the error table about votes that change, and about the keys that sign them. */
export const voteErrors = {
  'EXQ-4010': entry(
    'The approval has been used',
    409,
    'It is too late to take the vote back: `exq cancel <action>` stops what has not been done, and undoes what has.',
  ),
  'EXQ-4011': entry('There is no vote to withdraw', 409, 'See who has voted: `exq get <action>`.'),
  'EXQ-4012': entry(
    'What was signed is not this vote',
    422,
    'Compare the fields named in `errors`, set the clock of this machine right, and sign the vote anew: `exq approve <approval>`.',
  ),
  'EXQ-4013': entry(
    'The key is not a live key of this person',
    403,
    'See your keys: `exq key list`; register a new one: `exq key create`.',
  ),
  'EXQ-4014': entry(
    'The person has voted in the meantime',
    409,
    'Look at the request again (`exq show <approval>`), then sign a vote of its next revision.',
  ),
  'EXQ-4015': entry(
    'The key cannot be registered',
    422,
    'Register a new Ed25519 key, with a proof signed by itself: `exq key create`.',
  ),
  'EXQ-4016': entry('There is no such key', 404, 'See your keys: `exq key list`.'),
  'EXQ-4017': entry(
    'A further key has to be signed for',
    403,
    'Register it where one of your keys is: `exq key create`, or in the inbox where you have a passkey. Where none is left, an operator makes the person anew: `exq person revoke <name> --tenant <tenant>`, then `exq person create <name> --tenant <tenant>`.',
  ),
} as const satisfies Record<string, ErrorEntry>
