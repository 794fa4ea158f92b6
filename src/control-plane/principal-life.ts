import { ExequaturError } from '../domain/errors.js'
import { type PrincipalEvent, stateAfter } from '../domain/principal.js'
import type { Db, Pool } from '../ledger/pool.js'
import type { AuthorityRows, PrincipalRow } from '../ledger/queries/load-authority.js'
import { recordAccount } from '../ledger/queries/record-account.js'
import { recordCredential } from '../ledger/queries/record-credential.js'
import { revokeKey } from '../ledger/queries/record-key.js'
import { recordMembership } from '../ledger/queries/record-membership.js'
import { recordPrincipal } from '../ledger/queries/record-principal.js'
import { changeAuthority } from './change-authority.js'
import { giveToken } from './give-token.js'

/** Whose life, and who changes it why. */
export interface LifeChange {
  readonly tenant: string
  readonly principal: string
  readonly by: string
  readonly reason?: string | undefined
}

type Deps = { readonly pool: Pool }

/** Gives a principal a new token, returned once; every earlier one is refused from now on. Throws `EXQ-2004`, `EXQ-2018`. */
export function rotateToken(deps: Deps, change: LifeChange): Promise<{ principal: string; token: string }> {
  return live(deps, change, 'rotated', async (db, present) => {
    await revokeTokens(db, change, present)
    return { principal: change.principal, token: await giveToken(db, change.tenant, change.principal, change.by) }
  })
}

/** Holds a principal back, tokens and memberships kept, until it is resumed; sign-ins end for good. Throws `EXQ-2004`, `EXQ-2018`. */
export function suspendPrincipal(deps: Deps, change: LifeChange): Promise<void> {
  return live(deps, change, 'suspended', async () => {})
}

export function resumePrincipal(deps: Deps, change: LifeChange): Promise<void> {
  return live(deps, change, 'resumed', async () => {})
}

/**
 * Cuts a principal off: once this resolves, no new intent of it commits, and none of its tokens, keys, linked identities
 * and memberships is left. Throws `EXQ-2004`, `EXQ-2018`.
 */
export function revokePrincipal(
  deps: Deps,
  tenant: string,
  principal: string,
  by: string,
  reason?: string,
): Promise<void> {
  const change = { tenant, principal, by, reason }
  return live(deps, change, 'revoked', (db, present) => cutOff(db, change, present))
}

/** Cuts a principal off for ever: its name is never used again. Throws `EXQ-2004`, `EXQ-2018`. */
export function decommissionPrincipal(deps: Deps, change: LifeChange): Promise<void> {
  return live(deps, change, 'decommissioned', (db, present) => cutOff(db, change, present))
}

function live<T>(
  deps: Deps,
  { tenant, principal, by, reason }: LifeChange,
  event: PrincipalEvent,
  rest: (db: Db, present: AuthorityRows) => Promise<T>,
): Promise<T> {
  return changeAuthority(deps.pool, tenant, async (db, present) => {
    const row = requirePrincipal(present, tenant, principal)
    const state = stateAfter(row.state, event)
    if (!state) throw new ExequaturError('EXQ-2018', `${principal} is ${row.state}: it cannot be ${event}`)
    await recordPrincipal(db, tenant, { ...row, state, event, reason: reason ?? null }, by)
    return rest(db, present)
  })
}

/** The present row of a principal. Throws `EXQ-2004`. */
export function requirePrincipal({ principals }: AuthorityRows, tenant: string, principal: string): PrincipalRow {
  const row = principals.find((each) => each.principal === principal)
  if (!row) throw new ExequaturError('EXQ-2004', `${principal} of ${tenant}`)
  return row
}

async function cutOff(db: Db, change: LifeChange, present: AuthorityRows): Promise<void> {
  const { tenant, principal, by } = change
  await revokeTokens(db, change, present)
  for (const key of present.keys) {
    if (key.principal === principal) await revokeKey(db, tenant, key, { recorded_by: by, account: by })
  }
  for (const account of present.accounts) {
    if (account.principal === principal && account.state === 'live')
      await recordAccount(db, tenant, { ...account, state: 'removed' }, by)
  }
  for (const { name, member } of present.memberships) {
    if (member === principal) await recordMembership(db, tenant, { name, member, state: 'removed' }, by)
  }
}

async function revokeTokens(db: Db, { tenant, principal, by }: LifeChange, { credentials }: AuthorityRows) {
  for (const credential of credentials) {
    if (credential.principal === principal) await recordCredential(db, tenant, { ...credential, state: 'revoked' }, by)
  }
}
