import type { Db } from '../pool.js'

/** The tenants that have actions which have not ended, by name. */
export async function tenantsWithOpenActions(db: Db): Promise<string[]> {
  const { rows } = await db.ofNobody.query<{ tenant: string }>(
    'select tenant from tenants_with_open_actions() as tenant',
  )
  return rows.map(({ tenant }) => tenant)
}

/** The tenants that have closed runs whose history is not yet in the trail, by name. */
export async function tenantsWithUnsealedActions(db: Db): Promise<string[]> {
  const { rows } = await db.ofNobody.query<{ tenant: string }>(
    'select tenant from tenants_with_unsealed_actions() as tenant',
  )
  return rows.map(({ tenant }) => tenant)
}
