import { type ErrorCode, ExequaturError, isExequaturError } from './domain/errors.js'

/** What went wrong, as one of the error table. What is not known keeps its story as `cause`, for the log alone. */
export function codedError(error: unknown): ExequaturError {
  if (isExequaturError(error)) return error
  const [code, detail] = describe(error)
  return new ExequaturError(code, detail, [], { cause: error })
}

const byFastifyCode: Readonly<Record<string, readonly [ErrorCode, string]>> = {
  FST_ERR_CTP_BODY_TOO_LARGE: ['EXQ-1003', 'the body is larger than 256 KiB'],
  FST_ERR_CTP_INVALID_MEDIA_TYPE: ['EXQ-1004', 'the content-type header cannot be read'],
  FST_ERR_BAD_URL: ['EXQ-1005', 'the address cannot be decoded'],
  FST_ERR_MAX_PARAM_LENGTH: ['EXQ-1005', 'a part of the address is too long'],
}

function describe(error: unknown): readonly [ErrorCode, string] {
  const { code, name, message, statusCode } = error as Partial<Error> & { code?: unknown; statusCode?: unknown }
  if (typeof code === 'string' && byFastifyCode[code]) return byFastifyCode[code]
  if (typeof statusCode === 'number' && statusCode < 500) return ['EXQ-1001', 'the body could not be read to its end']
  if (isUnstorable(code)) return ['EXQ-1002', 'a value is none that the ledger can hold']
  if (isPostgresAway(code, message)) return ['EXQ-7004', 'the ledger does not answer']
  if (code === grpc.notFound || name === 'WorkflowNotFoundError') {
    return ['EXQ-6001', 'Temporal has no history of this action (yet)']
  }
  if (isTemporalAway(code, name)) return ['EXQ-7003', 'Temporal does not answer']
  return ['EXQ-9001', 'the server log knows more']
}

/** SQLSTATEs of values that are no time, or no text: only a caller's own value can be the reason. */
function isUnstorable(code: unknown): boolean {
  return typeof code === 'string' && ['22007', '22008', '22009', '22021', '22P05'].includes(code)
}

const socketErrors = new Set(
  'EAI_AGAIN ECONNREFUSED ECONNRESET EHOSTUNREACH ENETUNREACH ENOTFOUND EPIPE ETIMEDOUT'.split(' '),
)

/** Socket errors, the driver's own, and the SQLSTATE classes for no connection, no login, no room and going down. */
function isPostgresAway(code: unknown, message = ''): boolean {
  if (typeof code === 'string') return socketErrors.has(code) || /^(08...|28...|53...|57P0.|57014|3D000)$/.test(code)
  return /^(Connection terminated|timeout exceeded when trying to connect|Client has encountered|Client was closed|Query read timeout|Cannot use a pool)/.test(
    message,
  )
}

const grpc = { cancelled: 1, deadlineExceeded: 4, notFound: 5, resourceExhausted: 8, unavailable: 14 } as const

function isTemporalAway(code: unknown, name = ''): boolean {
  const away: readonly unknown[] = [grpc.cancelled, grpc.deadlineExceeded, grpc.resourceExhausted, grpc.unavailable]
  return away.includes(code) || ['ServiceError', 'TransportError', 'IllegalStateError'].includes(name)
}
