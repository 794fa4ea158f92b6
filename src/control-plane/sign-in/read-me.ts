import { isKeeper } from '../../domain/entitlement.js'
import type { Caller, ControlPlane } from '../control-plane.js'

/** Who asks, and how they came in. */
export interface Me {
  readonly tenant: string
  readonly principal: string
  /** The principal without its kind. */
  readonly name: string
  readonly groups: readonly string[]
  readonly account: string
  readonly surface: 'inbox' | 'token'
  /** For the header `x-exequatur-csrf`; null with a token, which needs none. */
  readonly csrf: string | null
  readonly passkeys: number
  /** May stop everything in the tenant, and resume. */
  readonly keeps_stops: boolean
  /** ISO 8601; null with a token. */
  readonly signs_in_until: string | null
}

export function readMe({ stops }: Pick<ControlPlane, 'stops'>, caller: Caller): Me {
  const {
    tenant,
    principal: { principal, kind },
    authority,
    account,
    signIn,
  } = caller
  const groups = authority.groupsOf(principal)
  return {
    tenant,
    principal,
    name: principal.slice(kind.length + 1),
    groups,
    account,
    surface: signIn ? 'inbox' : 'token',
    csrf: signIn?.csrf ?? null,
    passkeys: authority.keysOf(principal).filter(({ kind: of }) => of === 'passkey').length,
    keeps_stops: kind === 'person' && isKeeper(stops, { id: principal, groups }),
    signs_in_until: signIn?.endsAt ?? null,
  }
}
