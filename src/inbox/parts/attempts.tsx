import type { Effect } from '../../domain/lifecycle.js'
import type { Attention } from '../api/views.js'
import { effectWords } from './attention-words.js'
import { Moment } from './clock.js'
import { Facts, plain } from './facts.js'

const answers: Readonly<Record<Effect | 'nothing', string>> = {
  committed: 'that it happened',
  'not-committed': 'that it did not happen',
  unknown: 'nothing clear',
  diverged: 'that something else happened',
  nothing: 'nothing',
}

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
              <Moment at={at} />: answered {answers[claimed ?? 'nothing']}
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
