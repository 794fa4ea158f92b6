import type { ErrorCode } from '../../domain/errors.js'
import type { Db } from '../pool.js'

/** Notes that an authenticated request was not admitted. No arguments are kept, only their digest. */
export async function recordRefusal(
  db: Db,
  refusal: {
    readonly tenant: string
    readonly principal: string
    readonly code: ErrorCode
    readonly request_digest: string
  },
): Promise<void> {
  await db
    .of(refusal.tenant)
    .query('insert into refusals (tenant, principal, code, request_digest) values ($1, $2, $3, $4)', [
      refusal.tenant,
      refusal.principal,
      refusal.code,
      refusal.request_digest,
    ])
}
