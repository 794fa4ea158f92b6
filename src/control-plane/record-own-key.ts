import { canonical } from '../digest.js'
import { ExequaturError } from '../domain/errors.js'
import type { KeyEndorsement, KeyRegistration } from '../domain/key-registration.js'
import type { SlackLinkEndorsement } from '../domain/slack-link.js'
import { accountKey } from '../identity/account-key.js'
import { isProvenBy } from '../identity/person-proof.js'
import type { Db } from '../ledger/pool.js'
import { hadKeys } from '../ledger/queries/had-keys.js'
import type { AuthorityRows, KeyRow } from '../ledger/queries/load-authority.js'
import { recordKey } from '../ledger/queries/record-key.js'
import { changeAuthority } from './change-authority.js'
import type { Caller, ControlPlane } from './control-plane.js'
import { requireFreshSignIn } from './sign-in/require-fresh-sign-in.js'
import { type Proof, proofIn } from './signed-statement.js'

/**
 * Records a key as one of the caller's, signed by the server. The same key again changes nothing. The first comes with a
 * token or a fresh sign-in alone; a further one has to be endorsed by a live one, also once all are revoked, until an
 * operator creates the person anew. `first` is done before, and with it or not at all. Throws `EXQ-2036`, `EXQ-4015`,
 * `EXQ-4017`, and what `first` does.
 */
export async function recordOwnKey(
  plane: Pick<ControlPlane, 'pool' | 'signingKey'>,
  caller: Caller,
  registration: KeyRegistration,
  endorsement: Proof | undefined,
  first?: (db: Db) => Promise<void>,
): Promise<KeyRow> {
  const { tenant, principal, key_id, passkey, ...facts } = registration
  const statement = canonical(registration)
  const row = {
    ...facts,
    ...passkey,
    key_id,
    principal,
    kind: passkey ? 'passkey' : 'ed25519',
    statement,
    signed_by: plane.signingKey.keyId,
    signature: plane.signingKey.sign(statement),
  } as const
  return changeAuthority(plane.pool, tenant, async (db, present) => {
    requirePresent(present, caller)
    await first?.(db)
    const known = present.keys.find((each) => each.key_id === key_id)
    if (known?.principal === principal) return known
    const { public_key } = registration
    const further: KeyEndorsement = { purpose: 'endorse-key', tenant, principal, public_key }
    if (!isEndorsed(present, further, endorsement)) {
      if (await hadKeys(db, tenant, principal))
        throw new ExequaturError('EXQ-4017', `no live key of ${principal} signed for ${key_id}`)
      await requireFreshSignIn(db, caller)
    }
    if (!(await recordKey(db, tenant, row)))
      throw new ExequaturError('EXQ-4015', `${key_id} was registered before, and never is again`)
    return { ...row, recorded_at: new Date().toISOString() }
  })
}

/** Whether a live key of the person whom the statement is about signed it. */
export function isEndorsed(
  { keys }: AuthorityRows,
  statement: KeyEndorsement | SlackLinkEndorsement,
  endorsement: Proof | undefined,
): boolean {
  const by = keys.find((key) => key.key_id === endorsement?.key_id && key.principal === statement.principal)
  if (!endorsement || !by) return false
  return isProvenBy(by, canonical(statement), proofIn(endorsement))
}

/** Whoever was cut off since the credential was looked at changes nothing any more. */
export function requirePresent(present: AuthorityRows, { principal, account }: Caller): void {
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
