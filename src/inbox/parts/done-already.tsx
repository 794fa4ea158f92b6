import type { Rendering } from '../../domain/rendered.js'
import { Moment } from './clock.js'
import { ShownText } from './shown.js'

/** What is done and not asked for again; and where exactly the same was asked before. */
export function DoneAlready({ rendering: { done, asked_before } }: { readonly rendering: Rendering }) {
  return (
    <>
      {done.length > 0 && (
        <section aria-labelledby="done">
          <h2 id="done">Done already, and not asked for again</h2>
          <ul>
            {done.map(({ id, title, tool, version, resource }) => (
              <li key={id}>
                {title} <span class="code">{`${tool} v${version}`}</span> on {resource.type}{' '}
                <ShownText shown={resource.id} />
              </li>
            ))}
          </ul>
        </section>
      )}
      {asked_before.length > 0 && (
        <section aria-labelledby="before" class="note note-warning">
          <h2 id="before">Asked before, exactly the same</h2>
          <ul>
            {asked_before.map(({ action_id, at, explanation }) => (
              <li key={action_id}>
                <span class="code">{action_id}</span>, ended <Moment at={at} />: <ShownText shown={explanation} />
              </li>
            ))}
          </ul>
        </section>
      )}
    </>
  )
}
