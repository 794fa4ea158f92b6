import type { PrincipalEvent } from '../../domain/principal.js'
import type { Db } from '../pool.js'
import type { PrincipalRow } from './load-authority.js'

export interface PrincipalFact extends PrincipalRow {
  readonly revision: number
  readonly event: PrincipalEvent | 'recorded'
  readonly reason: string | null
  readonly recorded_by: string
  readonly recorded_at: string
}

/** All that ever happened to a principal, oldest first. */
export async function loadPrincipalLife(db: Db, tenant: string, principal: string): Promise<PrincipalFact[]> {
  const { rows } = await db.of(tenant).query<PrincipalFact>({
    name: 'load-principal-life',
    text: `select principal, revision, kind, state, owner, environment, contact, event, reason, recorded_by,
        to_json(recorded_at)#>>'{}' as recorded_at
      from principals where tenant = $1 and principal = $2 order by revision`,
    values: [tenant, principal],
  })
  return rows
}
