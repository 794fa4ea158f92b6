import { mostCalls, type ReadKind } from '../domain/session.js'

/**
 * SQL expressions that say whose history is meant. Where `session` is not null, its intents count; else those in the window
 * of the agents, and of whoever acted in their name: what a helper read for an agent, the agent has read.
 */
export interface SessionColumns {
  readonly tenant: string
  readonly agents: string
  readonly session: string
  readonly windowMs: string
}

/** SQL: how many calls were made before, {@link mostCalls} at most. */
export function callsBefore(of: SessionColumns): string {
  const count = (which: string) =>
    `(select count(*)::int from (select from intents i where i.phase = 'execute' and ${which} limit ${mostCalls}) counted)`
  return `case when ${of.session} is null then least(${mostCalls}, ${count(ofAgents(of))} + ${count(ofHelpers(of))})
    else ${count(ofSession(of))} end`
}

/** SQL: was something of this kind read before? An intent to read is enough: it is written before the call. */
export function readBefore(kind: ReadKind, of: SessionColumns): string {
  const exists = (which: string) => `exists (select from intents i where '${kind}' = any (i.reads) and ${which})`
  return `case when ${of.session} is null then ${exists(ofAgents(of))} or ${exists(ofHelpers(of))}
    else ${exists(ofSession(of))} end`
}

function ofAgents({ tenant, agents, windowMs }: SessionColumns): string {
  return `i.tenant = ${tenant} and i.agent = any (${agents}) and i.intended_at > now() - ${windowMs} * interval '1 millisecond'`
}

/** Those of other agents, in the name of these. */
function ofHelpers({ tenant, agents, windowMs }: SessionColumns): string {
  return `i.actors <> '{}' and i.actors && ${agents} and i.tenant = ${tenant} and not i.agent = any (${agents})
    and i.intended_at > now() - ${windowMs} * interval '1 millisecond'`
}

function ofSession({ tenant, session }: SessionColumns): string {
  return `i.tenant = ${tenant} and i.session = ${session}`
}
