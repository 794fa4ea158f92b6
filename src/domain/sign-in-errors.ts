import { type ErrorEntry, entry } from './error-entry.js'

/** The part of the error table about signing in at the inbox. */
export const signInErrors = {
  'EXQ-2030': entry(
    'Nobody is signed in, or no longer',
    401,
    'Sign in again at the inbox: through your issuer, or with a new link (`exq inbox --open`).',
  ),
  'EXQ-2031': entry(
    'A token and a sign-in were sent together',
    400,
    'Send one of them: `authorization: Bearer <token>`, or the cookie of the inbox.',
  ),
  'EXQ-2032': entry(
    'The request does not come from the inbox',
    403,
    'Open the inbox at the address that EXEQUATUR_PUBLIC_URL names, and act there. A client of your own sends a token.',
  ),
  'EXQ-2033': entry(
    'The sign-in link cannot be used',
    401,
    'Each works once, for ten minutes. Get a new one: `exq inbox --open`.',
  ),
  'EXQ-2034': entry(
    'Signing in through the issuer did not succeed',
    401,
    'Start again from the sign-in page of the inbox. If it stays: compare `issuers[].signIn` of the configuration with the client that the issuer knows.',
  ),
  'EXQ-2035': entry(
    'This takes a token, not a sign-in',
    403,
    'Send `authorization: Bearer <token>`, and no cookie of the inbox.',
  ),
  'EXQ-2036': entry(
    'The first key, or Slack user, takes a fresh sign-in',
    403,
    'Sign out and in again at the inbox, then do this within ten minutes. With a token it goes at any time: `exq key create`, `exq slack link <code>`.',
  ),
} as const satisfies Record<string, ErrorEntry>
