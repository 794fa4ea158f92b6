import { type ErrorEntry, entry } from './error-entry.js'

/** The part of the error table about passkeys. */
export const passkeyErrors = {
  'EXQ-4055': entry(
    'Passkeys cannot be had at this address',
    409,
    'Whoever runs Exequatur sets EXEQUATUR_PUBLIC_URL to a name over https, as https://exequatur.example, or to http://localhost: browsers keep passkeys for names, and not for addresses in digits.',
  ),
  'EXQ-4056': entry(
    'The passkey cannot be registered',
    422,
    'Start again from the inbox: ask for new options, and answer them in the same browser with a device that checks who you are.',
  ),
} as const satisfies Record<string, ErrorEntry>
