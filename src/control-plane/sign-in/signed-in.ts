import { ExequaturError } from '../../domain/errors.js'
import { csrfTokenOf, tenantOfSecret } from '../../identity/sign-in-secret.js'
import { hashToken } from '../../identity/token.js'
import { findSignIn } from '../../ledger/queries/find-sign-in.js'
import { recordSignInEvent } from '../../ledger/queries/record-sign-in-event.js'
import { authenticateAgain, callerBy } from '../authenticate.js'
import type { Caller, ControlPlane } from '../control-plane.js'
import { type KeptCredential, recallCredential } from './kept-credential.js'

type Deps = Pick<ControlPlane, 'pool' | 'authorities' | 'inbox'>

/** Uses closer together than this, or than a quarter of how long one may be idle, are recorded as one. */
const usesApartMs = 60_000

/**
 * The person behind the cookie of a sign-in, under the present authority: its credential is looked at as if it had been
 * sent. Throws `EXQ-2030` where the sign-in ended, and what its credential is refused with.
 */
export async function callerSignedIn(plane: Deps, secret: string): Promise<Caller> {
  const tenant = tenantOfSecret('si', secret)
  if (!tenant) throw unknown()
  const secretHash = hashToken(secret)
  const { row, caller } = await look(plane, tenant, secretHash)
  if (row.unused_ms >= Math.min(usesApartMs, plane.inbox.idleForMs / 4))
    await recordSignInEvent(plane.pool, tenant, row.id, 'used')
  return { ...caller, signIn: { id: row.id, secretHash, csrf: csrfTokenOf(secret), endsAt: row.ends_at } }
}

/** The caller once more, as things are now; looking is no use. Throws as when the caller came in. */
export async function callerAgain(plane: Deps, caller: Caller): Promise<Caller> {
  if (caller.signIn) await look(plane, caller.tenant, caller.signIn.secretHash)
  return authenticateAgain(plane.authorities, caller)
}

async function look(plane: Deps, tenant: string, secretHash: string) {
  const row = await findSignIn<KeptCredential>(plane.pool, tenant, secretHash, plane.inbox.idleForMs)
  if (!row) throw unknown()
  if (row.ended) throw new ExequaturError('EXQ-2030', `the sign-in ${row.ended}`)
  const caller = await callerBy(plane.authorities, tenant, recallCredential(row.credential, plane.inbox.issuers))
  if (caller.principal.principal !== row.principal || caller.principal.kind !== 'person')
    throw new ExequaturError('EXQ-2030', 'the sign-in was that of somebody else')
  return { row, caller }
}

function unknown(): ExequaturError {
  return new ExequaturError('EXQ-2030', 'the sign-in is not known')
}

/** Ends the sign-in of the caller, for ever. Throws `EXQ-2030` where there is none. */
export async function signOut(plane: Pick<ControlPlane, 'pool'>, { tenant, signIn }: Caller): Promise<void> {
  if (!signIn) throw new ExequaturError('EXQ-2030', 'nobody is signed in with a token')
  await recordSignInEvent(plane.pool, tenant, signIn.id, 'ended')
}
