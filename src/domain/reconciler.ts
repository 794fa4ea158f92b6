/** How the run that stands for an open action was found. `stuck`: it runs, but its workflow tasks fail. */
export type WorkflowStanding =
  | 'running'
  | 'stuck'
  | 'absent'
  | 'completed'
  | 'failed'
  | 'cancelled'
  | 'terminated'
  | 'timed-out'

/** Where a comparison goes on; for readers and for the next page, never an authority. */
export interface ReconcilePlace {
  readonly tenant: string
  /** The last action that was looked at. */
  readonly after: string
}

export interface PageReport {
  /** null: it was the tenant's last page. */
  readonly next: string | null
  readonly looked: number
  readonly resumed: number
  readonly started: number
  /** Could not be begun anew; they are met again by the next comparison. */
  readonly failed: number
}

/** A tool that lists its effects, and the pool that can ask for them. */
export interface ListingTool {
  readonly tenant: string
  readonly tool: string
  readonly pool: string
  readonly call_timeout_ms: number
}

/** What the reconciler's workflows let the server do. */
export interface ReconcilerActivities {
  /** The tenants that have open actions. */
  reconcileTenants(): Promise<readonly string[]>
  /** Compares a page of open actions with their workflows, and takes up what is gone. */
  reconcilePage(page: ReconcilePlace & { readonly run: string }): Promise<PageReport>
  listingTools(): Promise<readonly ListingTool[]>
  /** Hands over to people what the effects in a downstream contradict; resolves to how many calls that are. */
  attendToShadows(of: { readonly tenant: string }): Promise<number>
}

/** All that the activity `<tool>/effects` is told. */
export interface EffectsRef {
  readonly tenant: string
  readonly tool: string
}

export interface EffectsReport {
  readonly listed: number
  readonly shadows: number
  readonly problem: string | null
}
