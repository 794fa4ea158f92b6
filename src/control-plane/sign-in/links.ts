import { ExequaturError } from '../../domain/errors.js'
import { mintSecret, tenantOfSecret } from '../../identity/sign-in-secret.js'
import { hashToken } from '../../identity/token.js'
import { findSignInLink } from '../../ledger/queries/find-sign-in-link.js'
import { recordSignInLink } from '../../ledger/queries/record-sign-in-link.js'
import { callerBy } from '../authenticate.js'
import type { Caller, ControlPlane } from '../control-plane.js'
import { requirePerson } from '../require-person.js'
import { beginSignIn, type NewSignIn } from './begin-sign-in.js'
import { type KeptCredential, keepCredential, recallCredential } from './kept-credential.js'

/** An address that signs a person in, once. */
export interface SignInLink {
  /** The code is behind the `#`: it reaches no server, no log and no preview of the link. */
  readonly url: string
  readonly expires_at: string
}

const linkLivesMs = 10 * 60_000

/** Makes a link that signs the caller in. Throws `EXQ-2002` for anybody but a person, `EXQ-2035` with a sign-in. */
export async function makeSignInLink(plane: ControlPlane, caller: Caller): Promise<SignInLink> {
  requirePerson(caller, 'sign in')
  if (caller.signIn) throw new ExequaturError('EXQ-2035', 'a sign-in makes no further ones')
  const code = mintSecret('ln', caller.tenant)
  const expires_at = await recordSignInLink(plane.pool, caller.tenant, {
    code_hash: hashToken(code),
    principal: caller.principal.principal,
    credential: keepCredential(caller.credential),
    for_ms: linkLivesMs,
  })
  return { url: `${plane.inbox.publicUrl}/inbox/sign-in#${code}`, expires_at }
}

/**
 * Uses a link up: signs in whoever it was made for, if the credential that made it still lets that person in. Throws
 * `EXQ-2033`, and what that credential is refused with.
 */
export async function useSignInLink(plane: ControlPlane, code: string): Promise<NewSignIn> {
  const tenant = tenantOfSecret('ln', code)
  const linkHash = hashToken(code)
  const link = tenant && (await findSignInLink<KeptCredential>(plane.pool, tenant, linkHash))
  if (!tenant || !link) throw new ExequaturError('EXQ-2033', 'it is not, or no longer, good')
  const credential = recallCredential(link.credential, plane.inbox.issuers)
  const caller = await callerBy(plane.authorities, tenant, credential)
  if (caller.principal.principal !== link.principal)
    throw new ExequaturError('EXQ-2033', 'it was made for somebody else')
  return beginSignIn(plane, caller, { way: 'link', linkHash })
}
