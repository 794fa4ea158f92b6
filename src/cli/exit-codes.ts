import type { Outcome } from '../domain/lifecycle.js'

/** How `exq` ends. Scripts depend on these numbers: they never change their meaning. */
export const exitCodes = {
  ok: entry(0, 'Done. Commands about one action: it succeeded, or it has not ended and nobody asked to wait.'),
  error: entry(1, 'An error; standard error tells which.'),
  usage: entry(2, 'The command line is not right.'),
  denied: entry(3, 'The action was denied by policy.'),
  rejected: entry(4, 'The action was rejected by a person.'),
  expired: entry(5, 'The approval expired.'),
  failed: entry(6, 'The action failed; nothing stands.'),
  compensated: entry(7, 'A step failed; what had been done was undone.'),
  'needs-attention': entry(8, 'What happened has to be settled by a person.'),
  cancelled: entry(9, 'The action was cancelled.'),
  'not-authenticated': entry(10, 'The credential is missing, unknown or revoked.'),
  'not-ended': entry(11, 'The time of `--wait` ran out before the action ended.'),
} as const

export type ExitName = keyof typeof exitCodes
export type ExitCode = (typeof exitCodes)[ExitName]['code']

function entry<const Code extends number>(code: Code, meaning: string) {
  return { code, meaning } as const
}

/** The exit code of an action; one that has not ended is fine unless its end was waited for. */
export function exitCodeOf(outcome: Outcome | null, waited = false): ExitCode {
  if (outcome === null) return exitCodes[waited ? 'not-ended' : 'ok'].code
  return exitCodes[outcome === 'succeeded' ? 'ok' : outcome].code
}

const notAuthenticated = new Set(['EXQ-2001', 'EXQ-2010', 'EXQ-2011', 'EXQ-2012'])

/** The exit code for an error of the table. */
export function exitCodeOfError(code: string): ExitCode {
  if (notAuthenticated.has(code)) return exitCodes['not-authenticated'].code
  return exitCodes[code === 'EXQ-7007' || code === 'EXQ-7008' ? 'usage' : 'error'].code
}
