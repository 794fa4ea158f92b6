import type { ActionRequest } from '../domain/request.js'
import { type Stop, stoppedBy } from '../domain/stop.js'
import type { Authority } from '../identity/authority.js'

/** What of an authority says who is stopped. */
export type StopFacts = Pick<Authority, 'stops' | 'principal' | 'accountBy'>

/** The stop that holds back a request's call of a tool, if any, whichever actor of the chain it is for. */
export function stopOf(
  authority: StopFacts,
  { agent, actors = [] }: Pick<ActionRequest, 'agent' | 'actors'>,
  tool: string,
  undo = false,
): Stop | undefined {
  const chain = [agent, ...actors].map((named) => {
    // Who was a stranger when the request was admitted may have been linked since.
    const id = (named.startsWith('oidc:') && authority.accountBy(named)?.principal) || named
    return { id, owner: authority.principal(id)?.owner ?? null }
  })
  return stoppedBy(authority.stops, { actors: chain, tool, undo })
}
