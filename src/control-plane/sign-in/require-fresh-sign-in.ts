import { ExequaturError } from '../../domain/errors.js'
import type { Db } from '../../ledger/pool.js'
import { signedInWithin } from '../../ledger/queries/signed-in-within.js'
import type { Caller } from '../control-plane.js'

const freshForMs = 10 * 60_000

/**
 * What makes somebody stronger who has no key that could vouch for it takes a sign-in that was just made: with a cookie
 * that was stolen nobody signs in anew. Whoever sends a token is not asked. Throws `EXQ-2036`.
 */
export async function requireFreshSignIn(db: Db, { tenant, signIn }: Caller): Promise<void> {
  if (signIn && !(await signedInWithin(db, tenant, signIn.id, freshForMs)))
    throw new ExequaturError('EXQ-2036', 'this sign-in is older than ten minutes')
}
