import { canonical } from '../digest.js'
import { ExequaturError } from '../domain/errors.js'
import type { KeyPossession } from '../domain/key-registration.js'
import { isSignedBy, parsePublicKey } from '../identity/person-key.js'
import type { KeyRow } from '../ledger/queries/load-authority.js'
import { revokeKey as recordRevocation } from '../ledger/queries/record-key.js'
import { changeAuthority } from './change-authority.js'
import type { Caller, ControlPlane } from './control-plane.js'
import { recordOwnKey, requirePresent } from './record-own-key.js'
import { requirePerson } from './require-person.js'
import type { Proof } from './signed-statement.js'

/** A person's own key, with how it came to be registered. */
export interface KeyView {
  readonly key_id: string
  readonly kind: KeyRow['kind']
  readonly principal: string
  /** SPKI as base64url; Ed25519, but for passkeys. */
  readonly public_key: string
  /** Of a passkey: what its authenticator calls it, and the page that it signs for; else null. */
  readonly credential_id: string | null
  readonly origin: string | null
  readonly account: string
  readonly registered_at: string
}

/** Who asks, as votes name them, and their live keys. */
export interface OwnKeys {
  readonly tenant: string
  readonly principal: string
  readonly account: string
  readonly items: readonly KeyView[]
}

export interface NewKey {
  readonly public_key: string
  /** The new key's signature over the RFC 8785 bytes of a {@link KeyPossession}, base64url. */
  readonly proof: string
  /** For a further key: the proof of a live one over the RFC 8785 bytes of a `KeyEndorsement`. */
  readonly endorsement?: Proof | undefined
}

/** The caller's live keys. Throws `EXQ-2002` for anybody but a person. */
export function listKeys(caller: Caller): OwnKeys {
  requirePerson(caller, 'have keys')
  const { tenant, principal, account, authority } = caller
  return { tenant, principal: principal.principal, account, items: authority.keysOf(principal.principal).map(viewKey) }
}

/**
 * Makes an Ed25519 key one of the caller's own, once; from now on votes signed by it are the caller's. Throws `EXQ-2002`,
 * `EXQ-2036`, `EXQ-4015`, `EXQ-4017` as {@link recordOwnKey} does.
 */
export async function registerKey(plane: ControlPlane, caller: Caller, wanted: NewKey): Promise<KeyView> {
  requirePerson(caller, 'have keys')
  const { tenant, account } = caller
  const principal = caller.principal.principal
  const key = parsePublicKey(wanted.public_key)
  if (!key) throw new ExequaturError('EXQ-4015', 'it is not an Ed25519 public key (SPKI, base64url)')
  const { key_id, public_key } = key
  const possession: KeyPossession = { purpose: 'register-key', tenant, principal, public_key }
  if (!isSignedBy(key, canonical(possession), wanted.proof))
    throw new ExequaturError('EXQ-4015', `the proof is not that key's signature for ${principal} of ${tenant}`)
  const registration = { tenant, key_id, principal, public_key, recorded_by: principal, account }
  return viewKey(await recordOwnKey(plane, caller, registration, wanted.endorsement))
}

/** Makes one of the caller's keys worth nothing: once this resolves no vote signed by it counts. Throws `EXQ-2002`, `EXQ-4016`. */
export async function revokeKey(plane: Pick<ControlPlane, 'pool'>, caller: Caller, keyId: string): Promise<KeyView> {
  requirePerson(caller, 'have keys')
  const { tenant, account } = caller
  const principal = caller.principal.principal
  return changeAuthority(plane.pool, tenant, async (db, present) => {
    requirePresent(present, caller)
    const key = present.keys.find((each) => each.key_id === keyId && each.principal === principal)
    if (!key) throw new ExequaturError('EXQ-4016', `${keyId} is no live key of ${principal}`)
    await recordRevocation(db, tenant, key, { recorded_by: principal, account })
    return viewKey(key)
  })
}

export function viewKey(row: KeyRow): KeyView {
  const { key_id, kind, principal, public_key, credential_id = null, origin = null, account, recorded_at } = row
  return { key_id, kind, principal, public_key, credential_id, origin, account, registered_at: recorded_at }
}
