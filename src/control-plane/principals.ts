import { randomUUID } from 'node:crypto'
import { ExequaturError } from '../domain/errors.js'
import type { Authorities } from '../identity/authority.js'
import { hashToken, mintToken } from '../identity/token.js'
import { inTransaction, type Pool } from '../ledger/pool.js'
import { recordCredential } from '../ledger/queries/record-credential.js'
import { recordMembership } from '../ledger/queries/record-membership.js'
import { recordPrincipal } from '../ledger/queries/record-principal.js'

export interface PrincipalDeps {
  readonly pool: Pool
  readonly authorities: Authorities
}

export interface NewPrincipal {
  readonly tenant: string
  readonly kind: 'agent' | 'person'
  /** Without its kind: `support_refunds_v2`. */
  readonly name: string
  /** An agent's owner, as `person:<name>`; that person has to exist. */
  readonly owner?: string | undefined
  readonly environment?: string | undefined
  readonly groups: readonly string[]
  readonly by: string
}

/** Creates a principal with one token, which is returned once and stored only as a hash. Throws `EXQ-2003`, `EXQ-2004`. */
export async function createPrincipal(
  deps: PrincipalDeps,
  wanted: NewPrincipal,
): Promise<{ principal: string; token: string }> {
  const { tenant, kind, by } = wanted
  if (!/^[A-Za-z0-9._-]{1,64}$/.test(wanted.name))
    throw new ExequaturError('EXQ-7007', `${wanted.name}: letters, digits, ., _ and -`)
  const principal = `${kind}:${wanted.name}`
  const authority = await deps.authorities.current(tenant)
  if (authority?.principal(principal)?.state === 'live') throw new ExequaturError('EXQ-2003', principal)
  if (kind === 'agent' && authority?.principal(wanted.owner ?? '')?.state !== 'live') {
    throw new ExequaturError('EXQ-2004', `an agent has an owner: ${wanted.owner ?? 'none was named'}`)
  }
  const token = mintToken(tenant)
  await inTransaction(deps.pool, async (db) => {
    const row = {
      principal,
      kind,
      state: 'live' as const,
      owner: wanted.owner ?? null,
      environment: wanted.environment ?? null,
    }
    await recordPrincipal(db, tenant, row, by)
    for (const name of wanted.groups)
      await recordMembership(db, tenant, { name, member: principal, state: 'member' }, by)
    await recordCredential(
      db,
      tenant,
      { credential_id: `crd_${randomUUID()}`, principal, token_hash: hashToken(token), state: 'live' },
      by,
    )
  })
  return { principal, token }
}

/** Cuts a principal off: once this resolves, no new intent of it commits and none of its tokens is accepted. Throws `EXQ-2004`. */
export async function revokePrincipal(
  deps: PrincipalDeps,
  tenant: string,
  principal: string,
  by: string,
): Promise<void> {
  const authority = await deps.authorities.current(tenant)
  const row = authority?.principal(principal)
  if (!authority || row?.state !== 'live') throw new ExequaturError('EXQ-2004', principal)
  await inTransaction(deps.pool, async (db) => {
    for (const credential of authority.credentialsOf(principal)) {
      await recordCredential(db, tenant, { ...credential, state: 'revoked' }, by)
    }
    for (const name of authority.groupsOf(principal)) {
      await recordMembership(db, tenant, { name, member: principal, state: 'removed' }, by)
    }
    await recordPrincipal(db, tenant, { ...row, state: 'revoked' }, by)
  })
}
