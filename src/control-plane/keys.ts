import { canonical } from '../digest.js'
import { ExequaturError } from '../domain/errors.js'
import type { KeyEndorsement, KeyPossession, KeyRegistration } from '../domain/key-registration.js'
import { accountKey } from '../identity/account-key.js'
import { isSignedBy, parsePublicKey } from '../identity/person-key.js'
import { hadKeys } from '../ledger/queries/had-keys.js'
import type { AuthorityRows, KeyRow } from '../ledger/queries/load-authority.js'
import { recordKey, revokeKey as recordRevocation } from '../ledger/queries/record-key.js'
import { changeAuthority } from './change-authority.js'
import type { Caller, ControlPlane } from './control-plane.js'
import { requirePerson } from './require-person.js'

/** A person's own key, with how it came to be registered. */
export interface KeyView {
  readonly key_id: string
  readonly principal: string
  /** Ed25519, SPKI as base64url. */
  readonly public_key: string
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
  /** For a further key: the signature of a live one over the RFC 8785 bytes of a {@link KeyEndorsement}, base64url. */
  readonly endorsement?: { readonly key_id: string; readonly signature: string } | undefined
}

/** The caller's live keys. Throws `EXQ-2002` for anybody but a person. */
export function listKeys(caller: Caller): OwnKeys {
  requirePerson(caller, 'have keys')
  const { tenant, principal, account, authority } = caller
  return { tenant, principal: principal.principal, account, items: authority.keysOf(principal.principal).map(viewKey) }
}

/**
 * Makes a key one of the caller's own, once; from now on votes signed by it are the caller's. The same key again
 * changes nothing. The first comes with the credential alone; a further one has to be endorsed by a live one, also once
 * all are revoked, until an operator creates the person anew. Throws `EXQ-2002`, `EXQ-4015`, `EXQ-4017`.
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
  const registration: KeyRegistration = { tenant, key_id, principal, public_key, recorded_by: principal, account }
  const statement = canonical(registration)
  const { keyId: signed_by } = plane.signingKey
  const signature = plane.signingKey.sign(statement)
  return changeAuthority(plane.pool, tenant, async (db, present) => {
    requirePresent(present, caller)
    const known = present.keys.find((each) => each.key_id === key_id)
    if (known?.principal === principal) return viewKey(known)
    if (!isEndorsed(present, { tenant, principal, public_key }, wanted) && (await hadKeys(db, tenant, principal)))
      throw new ExequaturError('EXQ-4017', `no live key of ${principal} signed for ${key_id}`)
    if (!(await recordKey(db, tenant, { ...registration, kind: 'ed25519', statement, signed_by, signature })))
      throw new ExequaturError('EXQ-4015', `${key_id} was registered before, and never is again`)
    return { key_id, principal, public_key, account, registered_at: new Date().toISOString() }
  })
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

function isEndorsed(
  { keys }: AuthorityRows,
  wanted: Omit<KeyEndorsement, 'purpose'>,
  { endorsement }: NewKey,
): boolean {
  const by = keys.find(({ key_id, principal }) => key_id === endorsement?.key_id && principal === wanted.principal)
  if (!endorsement || !by) return false
  const statement: KeyEndorsement = { purpose: 'endorse-key', ...wanted }
  return isSignedBy(by, canonical(statement), endorsement.signature)
}

/** Whoever was cut off since the credential was looked at changes nothing any more. */
function requirePresent(present: AuthorityRows, { principal, account }: Caller): void {
  const live = present.principals.some((row) => row.principal === principal.principal && row.state === 'live')
  const ways = [
    ...present.credentials.map((row) => ({ ...row, key: `token:${row.credential_id}` })),
    ...present.accounts
      .filter(({ state }) => state === 'live')
      .map((row) => ({ ...row, key: accountKey(row.issuer, row.subject) })),
  ]
  if (!live || !ways.some((way) => way.key === account && way.principal === principal.principal))
    throw new ExequaturError('EXQ-2001', 'the credential was revoked')
}

function viewKey({ key_id, principal, public_key, account, recorded_at }: KeyRow): KeyView {
  return { key_id, principal, public_key, account, registered_at: recorded_at }
}
