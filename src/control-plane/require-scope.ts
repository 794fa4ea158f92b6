import { ExequaturError } from '../domain/errors.js'
import type { Caller } from './control-plane.js'

/** Is the caller's token good for this? Our own tokens are good for all their principal may do. Throws `EXQ-2013`. */
export function requireScope({ credential, principal, scopes }: Caller, toChange: boolean): void {
  if (!('claims' in credential)) return
  const use = !toChange ? 'read' : principal.kind === 'person' ? 'decide' : 'act'
  const needed = credential.claims.issuer.scopes?.[use]
  if (needed !== undefined && !scopes.includes(needed))
    throw new ExequaturError('EXQ-2013', `to ${use} takes the scope ${needed}`)
}
