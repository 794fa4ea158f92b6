import type { Attention } from '../api/views.js'
import { effectWords } from './attention-words.js'
import { Moment } from './clock.js'
import { Facts, plain } from './facts.js'

/** Each call, and what was answered. */
export function Attempts({ attention: { attempts } }: { readonly attention: Attention }) {
  if (attempts.length === 0) return null
  return (
    <section aria-labelledby="attempts">
      <h2 id="attempts">What was tried</h2>
      <ol class="trail">
        {attempts.map(({ generation, attempt, at, claimed, output, error, late }) => (
          <li key={`${generation} ${attempt}`}>
            <p>
              <Moment at={at} />: answered {claimed === null ? 'nothing' : effectWords[claimed]}
              {error && (
                <>
                  , <span class="code">{error.code}</span> {plain(error.detail)}
                </>
              )}
            </p>
            {late && (
              <p>
                Too late, at <Moment at={late.at} />: {effectWords[late.claimed]}
              </p>
            )}
            {output && <Facts facts={output} />}
          </li>
        ))}
      </ol>
    </section>
  )
}
