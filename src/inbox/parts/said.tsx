import type { Rendering } from '../../domain/rendered.js'
import { ShownText } from './shown.js'

/** The agent's own words, set apart from ours: nobody has looked whether they are true. */
export function Said({ said }: Pick<Rendering, 'said'>) {
  if (said.length === 0) return null
  return (
    <section class="said" aria-labelledby="said">
      <h2 id="said">
        The agent says <span class="unverified">not verified</span>
      </h2>
      <dl>
        {said.map(({ kind, text }) => (
          <div key={kind}>
            <dt>{kind === 'goal' ? 'Goal' : 'Reason'}</dt>
            <dd>
              <ShownText shown={text} />
            </dd>
          </div>
        ))}
      </dl>
    </section>
  )
}
