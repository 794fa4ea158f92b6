/** A stop in force. Scopes: `all`, `agent:<name>`, `owner:person:<name>`, `tool:<name>`. */
export interface Stop {
  readonly scope: string
  readonly reason: string
}

/** Who is about to act through what. */
export interface StoppableCall {
  readonly agent: string
  readonly owner: string | null
  readonly tool: string
  /** Undoing goes on although its agent, or the agent's owner, is stopped. */
  readonly undo: boolean
}

/** The stop that holds a call back, if any. */
export function stoppedBy(stops: readonly Stop[], call: StoppableCall): Stop | undefined {
  const scopes = ['all', `tool:${call.tool}`, ...(call.undo ? [] : [call.agent, `owner:${call.owner}`])]
  return stops.find(({ scope }) => scopes.includes(scope))
}
