/** What people look at, as far as it is told to have changed. */
export const topics = ['approvals', 'attention', 'actions', 'stops', 'reviews'] as const
export type Topic = (typeof topics)[number]

/** That something is not as it was: whoever shows it looks again. */
export interface Change {
  readonly topics: readonly Topic[]
  /** The action it happened to; absent where it was none, or where everything is to be looked at. */
  readonly action_id?: string
}

/** Everything may have changed. */
export const everything: Change = { topics }

/** Calls `told` for every change in a tenant, until what it returns is called. */
export interface Changes {
  readonly subscribe: (tenant: string, told: (change: Change) => void) => () => void
}
