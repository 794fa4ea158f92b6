import type { TokenClaims } from '../../identity/token-claims.js'
import { callerBy } from '../authenticate.js'
import type { ControlPlane } from '../control-plane.js'
import { beginSignIn, type NewSignIn } from './begin-sign-in.js'

/** Signs in whoever an issuer vouched for, if that identity is a person's. Throws `EXQ-2002`, `EXQ-2014`-`EXQ-2016`. */
export async function signInByIssuer(plane: ControlPlane, claims: TokenClaims): Promise<NewSignIn> {
  const caller = await callerBy(plane.authorities, claims.tenant, { claims })
  return beginSignIn(plane, caller, { way: 'oidc' })
}
