import type { Stop } from '../../domain/stop.js'
import type { Tool } from '../api/views.js'
import { useSession } from '../session.js'
import { Name } from './name.js'
import { RiskMark } from './risk-mark.js'

interface ToolListProps {
  readonly tools: readonly Tool[]
  readonly stops: readonly Stop[]
  readonly onStop: (scope: string) => void
}

export function ToolList({ tools, stops, onStop }: ToolListProps) {
  const { me } = useSession()
  return (
    <section aria-labelledby="tools">
      <h2 id="tools">Tools</h2>
      <ul class="rows rows-small">
        {tools.map(({ name, title, risk, version, status, owner }) => {
          const stopped = stops.some(({ scope }) => scope === `tool:${name}`)
          return (
            <li class="row" key={name}>
              <div>
                <p class="row-headline">{title}</p>
                <p class="facts">
                  <RiskMark risk={risk} />
                  <span class="code">{`${name} v${version}`}</span>
                  <span>
                    kept by <Name of={owner} />
                  </span>
                  {status !== 'live' && <span class="tag">{status}</span>}
                  {stopped && <span class="tag tag-flag">stopped</span>}
                </p>
              </div>
              {!stopped && me.keeps_stops && (
                <button
                  type="button"
                  class="reject"
                  aria-label={`Stop the tool ${name}`}
                  onClick={() => onStop(`tool:${name}`)}
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
