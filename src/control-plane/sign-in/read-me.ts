import type { Caller } from '../control-plane.js'

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
  /** ISO 8601; null with a token. */
  readonly signs_in_until: string | null
}

export function readMe({ tenant, principal: { principal, kind }, authority, account, signIn }: Caller): Me {
  return {
    tenant,
    principal,
    name: principal.slice(kind.length + 1),
    groups: authority.groupsOf(principal),
    account,
    surface: signIn ? 'inbox' : 'token',
    csrf: signIn?.csrf ?? null,
    passkeys: authority.keysOf(principal).filter(({ kind: of }) => of === 'passkey').length,
    signs_in_until: signIn?.endsAt ?? null,
  }
}
