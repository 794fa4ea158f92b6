import { exitCodeOfError } from '../cli/exit-codes.js'
import { type ErrorEntry, errorTable } from '../domain/errors.js'
import { row } from './markdown.js'

const families: Readonly<Record<string, string>> = {
  1: 'The request',
  2: 'Identity',
  3: 'Policy',
  4: 'Approval',
  5: 'Execution, verification, compensation',
  6: 'The trail',
  7: 'Set-up',
  9: 'Ours',
}

/** The page `docs/ERRORS.md`: every code with its next step. */
export function describeErrors(): string {
  const entries = Object.entries(errorTable) as [string, ErrorEntry][]
  return [
    '# Errors',
    '',
    'Every error has a code, a title and the next step. Over HTTP it is a problem of RFC 9457 whose `type` is',
    '`urn:exequatur:error:<code>`, with `code`, `detail`, `remedy`, `retryable` and, field by field, `errors`. The command',
    'line writes it on standard error; its exit code is in the last column. The `problem` of an action that did not succeed',
    'has the same form, and an exit code of its own kind (docs/CLI.md).',
    ...Object.entries(families).flatMap(([digit, family]) => [
      '',
      `## ${digit}: ${family}`,
      '',
      row('Code', 'What happened', 'Next step', 'HTTP', 'Retry', 'Exit'),
      row('---', '---', '---', '---', '---', '---'),
      ...entries.filter(([code]) => code[4] === digit).map(([code, entry]) => describe(code, entry)),
    ]),
    '',
  ].join('\n')
}

function describe(code: string, { title, remedy, status, retryable }: ErrorEntry): string {
  return row(code, title, remedy, String(status), retryable ? 'yes' : 'no', String(exitCodeOfError(code)))
}
