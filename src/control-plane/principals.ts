import { ExequaturError } from '../domain/errors.js'
import { type PrincipalKind, stateAfter } from '../domain/principal.js'
import type { Authorities } from '../identity/authority.js'
import type { Pool } from '../ledger/pool.js'
import { recordMembership } from '../ledger/queries/record-membership.js'
import { recordPrincipal } from '../ledger/queries/record-principal.js'
import { changeAuthority } from './change-authority.js'
import { giveToken } from './give-token.js'

export interface PrincipalDeps {
  readonly pool: Pool
  readonly authorities: Authorities
}

export interface NewPrincipal {
  readonly tenant: string
  readonly kind: PrincipalKind
  /** Without its kind: `support_refunds_v2`. */
  readonly name: string
  /** Who answers for an agent or a service, as `person:<name>`; that person has to be live. */
  readonly owner?: string | undefined
  /** A team to turn to. It entitles nobody to anything. */
  readonly contact?: string | undefined
  readonly environment?: string | undefined
  readonly groups: readonly string[]
  readonly by: string
}

/** What Exequatur itself acts as. */
const ourOwn = new Set(['service:observer', 'service:compensator', 'service:dev'])

/** Creates a principal with one token, which is returned once and stored only as a hash. Throws `EXQ-2003`, `EXQ-2004`, `EXQ-2018`. */
export async function createPrincipal(
  deps: Pick<PrincipalDeps, 'pool'>,
  wanted: NewPrincipal,
): Promise<{ principal: string; token: string }> {
  const { tenant, kind, by, owner = null } = wanted
  if (!/^[A-Za-z0-9._-]{1,64}$/.test(wanted.name))
    throw new ExequaturError('EXQ-7007', `${wanted.name}: letters, digits, ., _ and -`)
  const principal = `${kind}:${wanted.name}`
  if (ourOwn.has(principal)) throw new ExequaturError('EXQ-2003', `${principal} is part of Exequatur`)
  return changeAuthority(deps.pool, tenant, async (db, { principals }) => {
    const stateOf = (id: string | null) => principals.find((row) => row.principal === id)?.state ?? null
    const before = stateOf(principal)
    if (before === 'decommissioned') throw new ExequaturError('EXQ-2018', `${principal} is decommissioned for ever`)
    const state = stateAfter(before, 'created')
    if (!state) throw new ExequaturError('EXQ-2003', `${principal} is ${before}`)
    if (kind !== 'person' && (!owner?.startsWith('person:') || stateOf(owner) !== 'live')) {
      throw new ExequaturError('EXQ-2004', `${kind}s have an owner: ${owner ?? 'none was named'}`)
    }
    const { contact = null, environment = null } = wanted
    await recordPrincipal(db, tenant, { principal, kind, state, owner, environment, contact, event: 'created' }, by)
    for (const name of wanted.groups)
      await recordMembership(db, tenant, { name, member: principal, state: 'member' }, by)
    return { principal, token: await giveToken(db, tenant, principal, by) }
  })
}

export { revokePrincipal } from './principal-life.js'
