import type { TrailEntry } from '../api/views.js'
import { Moment } from './clock.js'
import { Facts } from './facts.js'

/** What happened so far, in the order of the ledger's clock. */
export function TrailList({ entries }: { readonly entries: readonly TrailEntry[] }) {
  return (
    <ol class="trail">
      {entries.map((entry, index) => (
        <li key={index}>
          <p>
            <span class="stage">{entry.stage}</span> {entry.what} <Moment at={entry.at} />
          </p>
          {Object.keys(entry.facts).length > 0 && (
            <details>
              <summary>Facts</summary>
              <Facts facts={entry.facts} />
            </details>
          )}
        </li>
      ))}
    </ol>
  )
}
