import { randomUUID } from 'node:crypto'
import { ExequaturError } from '../../domain/errors.js'
import { mintSecret } from '../../identity/sign-in-secret.js'
import { hashToken } from '../../identity/token.js'
import { recordSignIn } from '../../ledger/queries/record-sign-in.js'
import type { Caller, ControlPlane } from '../control-plane.js'
import { requirePerson } from '../require-person.js'
import { keepCredential } from './kept-credential.js'

/** A sign-in that just began. */
export interface NewSignIn {
  /** For the cookie, and nowhere else. */
  readonly secret: string
  readonly principal: string
  /** ISO 8601. */
  readonly ends_at: string
}

/**
 * Signs in whoever the caller is: from now on the secret stands for the same credential. It ends with that credential at
 * the latest. Throws `EXQ-2002` for anybody but a person, `EXQ-2033` where the link was used before or is too old.
 */
export async function beginSignIn(
  plane: Pick<ControlPlane, 'pool' | 'inbox'>,
  caller: Caller,
  by: { readonly way: 'oidc' } | { readonly way: 'link'; readonly linkHash: string },
): Promise<NewSignIn> {
  requirePerson(caller, 'sign in')
  const { tenant, credential } = caller
  const secret = mintSecret('si', tenant)
  const ends_at = await recordSignIn(plane.pool, tenant, {
    id: `sin_${randomUUID()}`,
    secret_hash: hashToken(secret),
    principal: caller.principal.principal,
    credential: keepCredential(credential),
    way: by.way,
    link_hash: by.way === 'link' ? by.linkHash : null,
    for_ms: plane.inbox.signInForMs,
    at_most_until:
      by.way === 'link' && 'claims' in credential ? new Date(credential.claims.endsAt).toISOString() : null,
  })
  if (!ends_at) throw new ExequaturError('EXQ-2033', 'it was used before, or is too old')
  return { secret, principal: caller.principal.principal, ends_at }
}
