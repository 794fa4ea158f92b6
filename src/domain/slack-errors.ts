import { type ErrorEntry, entry } from './error-entry.js'

/** The part of the error table about people who decide in Slack. */
export const slackErrors = {
  'EXQ-5044': entry(
    'A key of the person has to sign for this Slack user',
    403,
    'Link it in the inbox with a passkey of yours, or with `exq slack link <code>` where your key is. If you have none of them any more, an operator revokes you and creates you anew.',
  ),
  'EXQ-5045': entry(
    'This Slack user is linked to no person',
    403,
    'Type `/exequatur link` in Slack, and confirm it where you are signed in: in the inbox, or with `exq slack link <code>`.',
  ),
  'EXQ-5046': entry(
    'This Slack user cannot decide',
    403,
    'Only members of the workspace decide in Slack: no guests, nobody deactivated, nobody of another workspace. Decide in the inbox, or with `exq approve <approval>`.',
  ),
  'EXQ-5047': entry(
    'Slack cannot be asked who this is',
    503,
    'Try again in a moment, or decide in the inbox, or with `exq approve <approval>`.',
    true,
  ),
  'EXQ-5048': entry(
    'The code is not, or no longer, good',
    404,
    'Type `/exequatur link` in Slack for a new one: each is good once, for ten minutes.',
  ),
  'EXQ-5049': entry(
    'The button is not one of this request',
    409,
    'Look at the request itself: type `/exequatur` in Slack for what waits for you, or `exq inbox`.',
  ),
} as const satisfies Record<string, ErrorEntry>
