import type { Db } from '../pool.js'

/** Holds scopes until the end of the transaction: no other intent that counts for one of them is written meanwhile. */
export async function takeBudgetScopes(db: Db, tenant: string, scopes: readonly string[]): Promise<void> {
  await db.of(tenant).query({
    name: 'take-budget-scopes',
    text: 'select take_budget_scopes($1, $2)',
    values: [tenant, [...scopes]],
  })
}
