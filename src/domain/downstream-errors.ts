import { type ErrorEntry, entry } from './error-entry.js'

/** The part of the error table about downstreams: what they hold that nobody asked for, and when they are left alone. */
export const downstreamErrors = {
  'EXQ-5060': entry('There is no such shadow effect', 404, 'List them: `exq shadow list`.'),
  'EXQ-5061': entry(
    'This person may not acknowledge that',
    403,
    'Ask somebody of the approver groups of its tool (`exq tools <name>`), or of the group that may stop.',
  ),
  'EXQ-5070': entry(
    'The downstream does not answer, and is left alone for now',
    503,
    'Nothing: the call is made once it answers again. See since when, and when it is tried: `exq downstreams`.',
    true,
  ),
  'EXQ-5071': entry(
    'The downstream is called as fast as it may be',
    503,
    'Nothing: the call waits for its slot. Where that takes too long, raise `rate` of the downstream (`exq downstreams`).',
    true,
  ),
} as const satisfies Record<string, ErrorEntry>
