import type { ComponentChildren } from 'preact'
import type { Approval } from '../api/views.js'
import { FlagWords } from './flag-words.js'

interface FlagsProps {
  readonly flags: Approval['flags']
  readonly steps: readonly string[]
  readonly children?: ComponentChildren
}

/** What needs a closer look than a click. Approving takes each of them one by one. */
export function Flags({ flags, steps, children }: FlagsProps) {
  if (flags.length === 0) return null
  return (
    <section class="flags" aria-labelledby="flags">
      <h2 id="flags">Look closely</h2>
      <ul>
        {flags.map(({ name, says }) => (
          <li key={name}>
            <p>
              <FlagWords {...{ name, says, steps }} />
            </p>
          </li>
        ))}
      </ul>
      {children}
    </section>
  )
}
