import { type ErrorCode, ExequaturError, errorTable, isExequaturError, type Problem } from '../domain/errors.js'

/** An error as the CLI shows it; with `-o json`, this object. */
export interface ShownError {
  readonly code: string
  readonly title: string
  readonly detail: string
  readonly remedy: string
  readonly retryable: boolean
  readonly errors: readonly Problem[]
}

/** An error that already has its words: one the server sent, or one with a more exact next step than the table's. */
export class CliError extends Error {
  override readonly name = 'CliError'

  constructor(
    readonly shown: ShownError,
    options?: ErrorOptions,
  ) {
    super(`${shown.code} ${shown.title}: ${shown.detail}`, options)
  }
}

/** An error of the table, with another remedy where a better one is known. */
export function cliError(code: ErrorCode, detail: string, remedy?: string): CliError {
  return new CliError({ ...shownAs(new ExequaturError(code, detail)), ...(remedy !== undefined && { remedy }) })
}

export function usageError(detail: string, command = 'exq'): CliError {
  return cliError('EXQ-7007', detail, `See \`${command} --help\`.`)
}

/** What to show of anything that was thrown. */
export function toShownError(error: unknown): ShownError {
  if (error instanceof CliError) return error.shown
  if (isExequaturError(error)) return shownAs(error)
  const known = systemError(error)
  return shownAs(known ?? new ExequaturError('EXQ-9001', error instanceof Error ? error.message : String(error)))
}

function shownAs({ code, detail, problems }: ExequaturError): ShownError {
  const { title, remedy, retryable } = errorTable[code]
  return { code, title, detail, remedy, retryable, errors: problems }
}

const fileErrors: Readonly<Record<string, string>> = {
  ENOENT: 'does not exist',
  EACCES: 'may not be used',
  EEXIST: 'exists already',
  EISDIR: 'is a folder',
  ENOTDIR: 'is not a folder',
}

function systemError(error: unknown): ExequaturError | null {
  if (!(error instanceof Error) || !('code' in error) || !('path' in error)) return null
  const what = fileErrors[String(error.code)]
  return what ? new ExequaturError('EXQ-7007', `${String(error.path)} ${what}`) : null
}
