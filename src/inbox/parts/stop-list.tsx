import { pendingWords, type Stop } from '../../domain/stop.js'
import { tellScope } from '../words.js'
import { Age } from './clock.js'
import { Name } from './name.js'
import { Theirs } from './theirs.js'

interface StopListProps {
  readonly stops: readonly Stop[]
  /** Whoever looks may stop everything, and resume. */
  readonly keeps: boolean
  readonly onResume: (scope: string) => void
  readonly onStop: (scope: string) => void
}

export function StopList({ stops, keeps, onResume, onStop }: StopListProps) {
  return (
    <section aria-labelledby="stops">
      <h2 id="stops">Stops in force</h2>
      {stops.length === 0 && <p class="hint">Nothing is stopped.</p>}
      <ul class="rows">
        {stops.map(({ scope, by, reason, pending, at }) => (
          <li class="row row-stop" key={scope}>
            <div>
              <p class="row-headline">Stopped: {tellScope(scope)}</p>
              <p>
                <Theirs text={reason} />
              </p>
              <p class="facts">
                <span>
                  by <Name of={by} /> <Age at={at} />
                </span>
                <span>What it holds {pendingWords[pending]}</span>
              </p>
              {keeps && scope !== 'all' && (
                <button type="button" onClick={() => onResume(scope)}>
                  Resume …
                </button>
              )}
            </div>
          </li>
        ))}
      </ul>
      {keeps && !stops.some(({ scope }) => scope === 'tenant') && (
        <button type="button" class="reject" onClick={() => onStop('tenant')}>
          Stop everything here …
        </button>
      )}
    </section>
  )
}
