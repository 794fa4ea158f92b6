import { ExequaturError } from '../domain/errors.js'
import type { Pool } from '../ledger/pool.js'
import { recordAccount } from '../ledger/queries/record-account.js'
import { changeAuthority } from './change-authority.js'
import { requirePrincipal } from './principal-life.js'

/** An identity of an issuer, and whose it is to be. */
export interface AccountChange {
  readonly tenant: string
  readonly principal: string
  /** As tokens say it: `iss`, and `sub` or the client's id. */
  readonly issuer: string
  readonly subject: string
  readonly by: string
}

/** From now on that identity is this principal. It can be nobody else's meanwhile. Throws `EXQ-2004`, `EXQ-2018`, `EXQ-2019`. */
export async function linkAccount(deps: { readonly pool: Pool }, change: AccountChange): Promise<void> {
  const { tenant, principal, issuer, subject, by } = change
  if (!URL.canParse(issuer) || issuer.includes('#'))
    throw new ExequaturError('EXQ-7007', `the issuer is not a URL: ${issuer}`)
  if (subject === '') throw new ExequaturError('EXQ-7007', 'the subject is empty')
  return changeAuthority(deps.pool, tenant, async (db, present) => {
    const { state } = requirePrincipal(present, tenant, principal)
    if (state !== 'live') throw new ExequaturError('EXQ-2018', `${principal} is ${state}: nothing can be linked to it`)
    const known = present.accounts.find((each) => each.issuer === issuer && each.subject === subject)
    if (known?.state === 'live') throw new ExequaturError('EXQ-2019', `${subject} of ${issuer} is ${known.principal}`)
    await recordAccount(db, tenant, { issuer, subject, principal, state: 'live' }, by)
  })
}

/** From now on that identity is nobody: its tokens are refused at once. Throws `EXQ-2004`. */
export async function unlinkAccount(deps: { readonly pool: Pool }, change: AccountChange): Promise<void> {
  const { tenant, principal, issuer, subject, by } = change
  return changeAuthority(deps.pool, tenant, async (db, { accounts }) => {
    const known = accounts.find((each) => each.issuer === issuer && each.subject === subject)
    if (known?.state !== 'live' || known.principal !== principal)
      throw new ExequaturError('EXQ-2004', `${subject} of ${issuer} is not linked to ${principal}`)
    await recordAccount(db, tenant, { ...known, state: 'removed' }, by)
  })
}
