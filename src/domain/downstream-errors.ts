import { type ErrorEntry, entry } from './error-entry.js'

/** The part of the error table about downstreams: what they hold that nobody asked for, and when they are left alone. */
export const downstreamErrors = {
  'EXQ-5060': entry('There is no such shadow effect', 404, 'List them: `exq shadow list`.'),
  'EXQ-5061': entry(
    'This person may not acknowledge that',
    403,
    'Ask somebody of the approver groups of its tool (`exq tools <name>`), or of the group that may stop.',
  ),
} as const satisfies Record<string, ErrorEntry>
