import type { ListingTool, PageReport, ReconcilePlace, ReconcilerActivities } from '../domain/reconciler.js'
import { newestContracts } from '../identity/authority.js'
import { loadReconciliation } from '../ledger/queries/load-reconciliation.js'
import { noteReconciliation } from '../ledger/queries/note-reconciliation.js'
import { tenantsWithOpenActions } from '../ledger/queries/tenants-with-actions.js'
import type { ControlPlane } from './control-plane.js'
import { resumePage } from './resume-starts.js'

type ReconcileDeps = Pick<ControlPlane, 'pool' | 'workflows' | 'authorities'>

/** What the scheduled workflows let this server do; `tenants` are those of the configuration. */
export function createReconcilerActivities(
  deps: ReconcileDeps,
  tenants: readonly string[],
): Omit<ReconcilerActivities, 'attendToShadows'> {
  return {
    reconcileTenants: () => tenantsWithOpenActions(deps.pool),
    reconcilePage: (page) => reconcilePage(deps, page),
    listingTools: async () => (await Promise.all(tenants.map((tenant) => listingToolsOf(deps, tenant)))).flat(),
  }
}

/**
 * The same comparison from within the server, of tenants that the schedule does not get to: whoever may write in the
 * namespace can hold it up for as long as they keep at it. Resolves to how many were taken up.
 */
export async function reconcileOverdue(deps: ReconcileDeps, everyMs: number, run: string): Promise<number> {
  let taken = 0
  for (const tenant of await tenantsWithOpenActions(deps.pool)) {
    const last = await loadReconciliation(deps.pool, tenant)
    if (last && last.age_ms < 2 * everyMs + graceMs) continue
    let after: string | null = ''
    while (after !== null) {
      const page: PageReport = await reconcilePage(deps, { tenant, after, run })
      taken += page.resumed + page.started
      after = page.next
    }
  }
  return taken
}

// What a run of the schedule may take itself.
const graceMs = 5_000

async function reconcilePage(
  deps: ReconcileDeps,
  { tenant, after, run }: ReconcilePlace & { readonly run: string },
): Promise<PageReport> {
  const page = await resumePage(deps, { tenant, after })
  await noteReconciliation(deps.pool, tenant, run, page)
  return page
}

async function listingToolsOf({ authorities }: ReconcileDeps, tenant: string): Promise<ListingTool[]> {
  const authority = await authorities.current(tenant)
  return newestContracts(authority?.contracts ?? [])
    .filter(({ lists_effects }) => lists_effects)
    .map(({ name, pool, downstream }) => ({ tenant, tool: name, pool, call_timeout_ms: downstream.call_timeout_ms }))
}
