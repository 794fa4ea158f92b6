import { ExequaturError } from '../domain/errors.js'
import type { PrincipalState } from '../domain/principal.js'
import { accountKey } from '../identity/account-key.js'
import { loadPrincipalLife, type PrincipalFact } from '../ledger/queries/load-principal-life.js'
import type { PrincipalDeps } from './principals.js'

/** A principal as it is now, and its life as the facts tell it. */
export interface PrincipalView {
  readonly principal: string
  readonly tenant: string
  readonly state: PrincipalState
  /** Who answers for it, and whether that still counts. */
  readonly owner: { readonly principal: string; readonly state: PrincipalState | 'unknown' } | null
  readonly contact: string | null
  readonly environment: string | null
  readonly groups: readonly string[]
  /** Ways in: its own tokens, and the identities linked to it. */
  readonly accounts: readonly string[]
  readonly life: readonly Pick<
    PrincipalFact,
    'revision' | 'event' | 'state' | 'reason' | 'recorded_by' | 'recorded_at'
  >[]
}

/** Throws `EXQ-2004`. */
export async function readPrincipal(deps: PrincipalDeps, tenant: string, id: string): Promise<PrincipalView> {
  const [authority, facts] = await Promise.all([
    deps.authorities.current(tenant),
    loadPrincipalLife(deps.pool, tenant, id),
  ])
  const present = facts.at(-1)
  if (!authority || !present) throw new ExequaturError('EXQ-2004', `${id} of ${tenant}`)
  const { principal, state, owner, contact, environment } = present
  return {
    principal,
    tenant,
    state,
    owner: owner === null ? null : { principal: owner, state: authority.principal(owner)?.state ?? 'unknown' },
    contact,
    environment,
    groups: authority.groupsOf(principal),
    accounts: [
      ...authority.credentialsOf(principal).map(({ credential_id }) => `token:${credential_id}`),
      ...authority.accountsOf(principal).map(({ issuer, subject }) => accountKey(issuer, subject)),
    ],
    life: facts.map(({ revision, event, state, reason, recorded_by, recorded_at }) => ({
      revision,
      event,
      state,
      reason,
      recorded_by,
      recorded_at,
    })),
  }
}
