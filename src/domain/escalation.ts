/** How long people have, when they are reminded, and whom a silence goes to next; all by the ledger's clock. */
export interface ApprovalRules {
  readonly approvalTtlMs: number
  readonly remindAfterMs: number | null
  readonly escalations: readonly { readonly group: string; readonly to: string; readonly afterMs: number }[]
  /** How many requests of one agent may wait for people. */
  readonly pendingPerAgent: number
}
