import { type ErrorCode, errorTable } from '../domain/errors.js'
import { isObject } from '../domain/json.js'
import { CliError, cliError } from './cli-error.js'
import type { Connection } from './connection.js'

export type Query = Readonly<Record<string, string | number | undefined>>

export interface Call {
  readonly method?: 'GET' | 'POST'
  readonly query?: Query
  readonly body?: unknown
  readonly wait?: number
}

/** Sends one call to the API, under `/v1`. Throws what the server answered, or that it did not. */
export async function send(
  { api, token }: Connection,
  path: readonly string[],
  options: Call,
  answerWithinMs: number,
): Promise<unknown> {
  const { method = 'GET', query = {}, body, wait = 0 } = options
  const url = new URL(`v1/${path.map(encodeURIComponent).join('/')}`, api)
  for (const [name, value] of Object.entries(query)) if (value !== undefined) url.searchParams.set(name, String(value))
  let response: Response
  let text: string
  try {
    response = await fetch(url, {
      method,
      redirect: 'error',
      headers: {
        accept: 'application/json',
        authorization: `Bearer ${token}`,
        'x-exequatur-surface': 'cli',
        ...(body !== undefined && { 'content-type': 'application/json' }),
        ...(wait > 0 && { prefer: `wait=${Math.ceil(wait)}` }),
      },
      signal: AbortSignal.timeout(wait * 1_000 + answerWithinMs),
      ...(body !== undefined && { body: JSON.stringify(body) }),
    })
    text = await response.text()
  } catch (error) {
    throw cliError('EXQ-7006', `${api.origin}: ${reasonOf(error)}`)
  }
  const answer = parse(text)
  if (response.ok && answer !== undefined) return answer
  throw (
    problemOf(answer) ?? cliError('EXQ-7006', `${api.origin} answered ${response.status}, but not as Exequatur does`)
  )
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** An RFC 9457 problem of ours; a server of a later version may have codes that this one does not know. */
function problemOf(answer: unknown): CliError | null {
  if (!isObject(answer) || typeof answer.code !== 'string') return null
  const entry = Object.hasOwn(errorTable, answer.code) ? errorTable[answer.code as ErrorCode] : null
  const text = (name: string, otherwise = '') => (typeof answer[name] === 'string' ? answer[name] : otherwise)
  return new CliError({
    code: answer.code,
    title: text('title', entry?.title),
    detail: text('detail'),
    remedy: text('remedy', entry?.remedy),
    retryable: answer.retryable === true,
    errors: Array.isArray(answer.errors)
      ? answer.errors.filter(isObject).map(({ pointer, message, detail }) => ({
          pointer: String(pointer ?? ''),
          message: String(message ?? detail ?? ''),
        }))
      : [],
  })
}

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  if (error.name === 'TimeoutError') return 'no answer in time'
  const { cause } = error
  if (cause instanceof AggregateError) return reasonOf(cause.errors[0])
  if (cause instanceof Error) return reasonOf(cause)
  const code = 'code' in error ? String(error.code) : error.message
  return code.startsWith('HPE_') ? 'what answers there does not speak HTTP' : code
}
