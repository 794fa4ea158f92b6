import { ExequaturError } from '../domain/errors.js'
import type { Pool } from '../ledger/pool.js'
import { recordMembership } from '../ledger/queries/record-membership.js'
import { changeAuthority } from './change-authority.js'
import { requirePrincipal } from './principal-life.js'

/** Puts a live principal into a group, or takes it out of one; the same again changes nothing. Throws `EXQ-2004`, `EXQ-2018`. */
export async function changeMembership(
  deps: { readonly pool: Pool },
  membership: {
    readonly tenant: string
    readonly group: string
    readonly principal: string
    readonly state: 'member' | 'removed'
    readonly by: string
  },
): Promise<void> {
  const { tenant, group, principal, state, by } = membership
  if (!/^[a-z][a-z0-9_]*$/.test(group))
    throw new ExequaturError('EXQ-7007', `${group}: lower case letters, digits and _`)
  return changeAuthority(deps.pool, tenant, async (db, present) => {
    const row = requirePrincipal(present, tenant, principal)
    const isMember = present.memberships.some(({ name, member }) => name === group && member === principal)
    if (isMember === (state === 'member')) return
    if (state === 'member' && row.state !== 'live')
      throw new ExequaturError('EXQ-2018', `${principal} is ${row.state}: it joins no group`)
    await recordMembership(db, tenant, { name: group, member: principal, state }, by)
  })
}
