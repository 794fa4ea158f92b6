import type { Agent } from '../api/views.js'
import { useSession } from '../session.js'
import { Name } from './name.js'

interface AgentListProps {
  readonly agents: readonly Agent[]
  readonly onStop: (scope: string) => void
}

export function AgentList({ agents, onStop }: AgentListProps) {
  const { me } = useSession()
  return (
    <section aria-labelledby="agents">
      <h2 id="agents">Agents</h2>
      {agents.length === 0 && <p class="hint">There are no agents.</p>}
      <ul class="rows rows-small">
        {agents.map(({ principal: scope, name, owner, state, stopped }) => {
          return (
            <li class="row" key={scope}>
              <div>
                <p class="row-headline">
                  <bdi>{name}</bdi>
                </p>
                <p class="facts">
                  {owner && (
                    <span>
                      owned by <Name of={owner} />
                    </span>
                  )}
                  {state !== 'live' && <span class="tag">{state}</span>}
                  {stopped && <span class="tag tag-flag">stopped</span>}
                </p>
              </div>
              {!stopped && state === 'live' && (me.keeps_stops || owner === me.principal) && (
                <button
                  type="button"
                  class="reject"
                  aria-label={`Stop the agent ${name}`}
                  onClick={() => onStop(scope)}
                >
                  Stop …
                </button>
              )}
            </li>
          )
        })}
      </ul>
    </section>
  )
}
