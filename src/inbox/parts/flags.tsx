import type { Approval } from '../api/views.js'

/** What needs a closer look than a click. Approving takes each of them one by one. */
export function Flags({ flags }: { readonly flags: Approval['flags'] }) {
  if (flags.length === 0) return null
  return (
    <section class="flags" aria-labelledby="flags">
      <h2 id="flags">Look closely</h2>
      <ul>
        {flags.map(({ name, says }) => (
          <li key={name}>
            <p>{says}</p>
            <p class="code">{name}</p>
          </li>
        ))}
      </ul>
    </section>
  )
}
