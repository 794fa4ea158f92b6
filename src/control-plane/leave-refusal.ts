import { digest } from '../digest.js'
import { type ErrorCode, isExequaturError } from '../domain/errors.js'
import { recordRefusal } from '../ledger/queries/record-refusal.js'
import type { Caller, ControlPlane } from './control-plane.js'

/** Attempts to decide, or to get a way to, without being entitled, by a way too weak, or with what somebody else signed. */
const recorded: ReadonlySet<ErrorCode> = new Set([
  'EXQ-2002',
  'EXQ-2036',
  'EXQ-4003',
  'EXQ-4012',
  'EXQ-4013',
  'EXQ-4050',
  'EXQ-5031',
  'EXQ-5036',
  'EXQ-5037',
  'EXQ-5044',
  'EXQ-5049',
])

/** Does what was asked; where the caller may not, that leaves a refusal, with the digest of `asked`. */
export async function leaveRefusal<T>(
  plane: Pick<ControlPlane, 'pool'>,
  { tenant, principal }: Caller,
  asked: object,
  work: () => Promise<T>,
): Promise<T> {
  try {
    return await work()
  } catch (error) {
    if (isExequaturError(error) && recorded.has(error.code)) {
      const request_digest = digest(asked)
      await recordRefusal(plane.pool, { tenant, principal: principal.principal, code: error.code, request_digest })
    }
    throw error
  }
}
