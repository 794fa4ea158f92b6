import { linkAccount } from '../control-plane/accounts.js'
import { rotateToken } from '../control-plane/principal-life.js'
import { createPrincipal } from '../control-plane/principals.js'
import { accountKey } from '../identity/account-key.js'
import { type Authorities, createAuthorities } from '../identity/authority.js'
import { hashToken } from '../identity/token.js'
import { createPool, type Pool } from '../ledger/pool.js'
import { recordMembership } from '../ledger/queries/record-membership.js'

export type SamplePrincipal = {
  readonly tenant: string
  readonly kind: 'agent' | 'person'
  readonly name: string
  readonly owner?: string
  readonly groups?: readonly string[]
  /** Identities that are to be this one, as `{ issuer: 'slack:T0DESK', subject: 'UANN' }`. */
  readonly accounts?: readonly { readonly issuer: string; readonly subject: string }[]
}

/** Tokens by principal name, as `dev.json` keeps them. */
export type Tokens = { readonly agents: Record<string, string>; readonly people: Record<string, string> }

/**
 * Makes sure that sample principals exist, in the order given (owners first), and that we hold a valid token of each:
 * a known token is kept while it works, and groups are added, else a live principal is given a new token, and one that is not there is made.
 */
export async function ensurePrincipals(
  databaseUrl: string,
  wanted: readonly SamplePrincipal[],
  known: Tokens,
): Promise<Tokens> {
  const pool = createPool(databaseUrl, 'exq_server', 2)
  const deps = { pool, authorities: createAuthorities(pool, []) }
  const tokens: Tokens = { agents: {}, people: {} }
  try {
    for (const { tenant, kind, name, owner, groups = [] } of wanted) {
      const of = kind === 'agent' ? 'agents' : 'people'
      const principal = `${kind}:${name}`
      const authority = await deps.authorities.current(tenant)
      const token = known[of][name]
      if (token && authority?.holderOf(hashToken(token))?.principal === principal) {
        tokens[of][name] = token
        for (const group of groups.filter((group) => !authority.groupsOf(principal).includes(group)))
          await recordMembership(pool, tenant, { name: group, member: principal, state: 'member' }, 'service:dev')
        continue
      }
      const state = authority?.principal(principal)?.state
      // Whom somebody held back or cut off for ever stays so.
      if (state === 'suspended' || state === 'decommissioned') {
        if (token) tokens[of][name] = token
        continue
      }
      if (state === 'live') {
        const change = { tenant, principal, by: 'service:dev', reason: 'its token was lost' }
        tokens[of][name] = (await rotateToken(deps, change)).token
        continue
      }
      const made = await createPrincipal(deps, { tenant, kind, name, owner, groups, by: 'service:dev' })
      tokens[of][name] = made.token
    }
    for (const each of wanted) await linkAll(deps, each)
    return tokens
  } finally {
    await pool.end()
  }
}

/** Links what never was linked: whom somebody unlinked stays so. */
async function linkAll(
  { pool, authorities }: { readonly pool: Pool; readonly authorities: Authorities },
  { tenant, kind, name, accounts = [] }: SamplePrincipal,
): Promise<void> {
  const principal = `${kind}:${name}`
  for (const { issuer, subject } of accounts) {
    const authority = await authorities.current(tenant)
    if (authority?.accountBy(accountKey(issuer, subject)) || authority?.principal(principal)?.state !== 'live') continue
    await linkAccount({ pool }, { tenant, principal, issuer, subject, by: 'service:dev' })
  }
}
