import type { ErrorCode } from '../domain/errors.js'
import { recordRefusal } from '../ledger/queries/record-refusal.js'
import type { Caller, ControlPlane } from './control-plane.js'
import { refusalDigest } from './submit-action.js'

/** Notes that a request of an authenticated caller was not admitted: why, and the digest of its body, never the body. */
export async function refuseAction(
  plane: Pick<ControlPlane, 'pool'>,
  caller: Caller,
  code: ErrorCode,
  body: Uint8Array | null,
): Promise<void> {
  await recordRefusal(plane.pool, {
    tenant: caller.tenant,
    principal: caller.principal.principal,
    code,
    request_digest: refusalDigest(body),
  })
}
