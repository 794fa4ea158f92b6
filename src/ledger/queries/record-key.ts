import type { Db } from '../pool.js'
import type { KeyRow } from './load-authority.js'

/** Adds a person's key, live. False: a key of that id was registered before, and is never registered again. */
export async function recordKey(db: Db, tenant: string, key: Omit<KeyRow, 'recorded_at'>): Promise<boolean> {
  const { rowCount } = await db.of(tenant).query(
    `insert into keys (tenant, key_id, revision, principal, public_key, state, recorded_by, account, statement, signed_by, signature,
       kind, credential_id, rp_id, origin)
     values ($1, $2, 1, $3, $4, 'live', $5, $6, $7, $8, $9, $10, $11, $12, $13) on conflict do nothing`,
    [
      tenant,
      key.key_id,
      key.principal,
      key.public_key,
      key.recorded_by,
      key.account,
      key.statement,
      key.signed_by,
      key.signature,
      key.kind,
      key.credential_id ?? null,
      key.rp_id ?? null,
      key.origin ?? null,
    ],
  )
  return rowCount === 1
}

/** Adds that a key is revoked, for ever. */
export async function revokeKey(
  db: Db,
  tenant: string,
  key: Pick<KeyRow, 'key_id' | 'kind' | 'principal' | 'public_key'>,
  by: { readonly recorded_by: string; readonly account: string },
): Promise<void> {
  await db.of(tenant).query(
    `insert into keys (tenant, key_id, revision, principal, public_key, state, recorded_by, account, kind)
     select $1, $2, max(revision) + 1, $3, $4, 'revoked', $5, $6, $7 from keys where tenant = $1 and key_id = $2`,
    [tenant, key.key_id, key.principal, key.public_key, by.recorded_by, by.account, key.kind],
  )
}
