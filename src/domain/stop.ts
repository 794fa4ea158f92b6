/** What becomes of what a stop holds: it waits until somebody resumes, or it ends. Undoing always waits. */
export type PendingRule = 'wait' | 'end'

/** The scope that holds everything, in the tenant that stands for all of them. */
export const everything = { tenant: '*', scope: 'all' } as const

/** A stop in force. Scopes: `all`, `tenant`, `agent:<name>`, `owner:person:<name>`, `tool:<name>`. */
export interface Stop {
  readonly scope: string
  readonly reason: string
  readonly pending: PendingRule
  readonly by: string
  /** ISO 8601, by the ledger's clock. */
  readonly at: string
}

/** Who is about to act through what. */
export interface StoppableCall {
  /** The agent, and whoever acted before it in the chain of its credential, each with its owner. */
  readonly actors: readonly { readonly id: string; readonly owner: string | null }[]
  readonly tool: string
  /** Undoing goes on although its agent, or the agent's owner, is stopped. */
  readonly undo: boolean
}

/** The stop that holds a call back, if any; one that ends it comes before one that lets it wait. */
export function stoppedBy(stops: readonly Stop[], call: StoppableCall): Stop | undefined {
  const ofActors = call.undo ? [] : call.actors.flatMap(({ id, owner }) => [id, ...(owner ? [`owner:${owner}`] : [])])
  const scopes = new Set([everything.scope, 'tenant', `tool:${call.tool}`, ...ofActors])
  const holding = stops.filter(({ scope }) => scopes.has(scope))
  return holding.find(({ pending }) => pending === 'end') ?? holding[0]
}

/** What becomes of what a stop holds, in words. */
export const pendingWords: Readonly<Record<PendingRule, string>> = {
  wait: 'waits until it is resumed',
  end: 'ends with its next step',
}

/** A stop in one line. */
export function tellStop({ scope, by, reason }: Stop): string {
  return `Stopped (${scope}) by ${by}: ${reason}`
}
