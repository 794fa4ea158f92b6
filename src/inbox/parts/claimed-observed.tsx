import type { Attention } from '../api/views.js'
import { effectWords } from './attention-words.js'
import { Moment } from './clock.js'
import { plain } from './facts.js'

/** What was to be found beside what was found, field by field. */
export function ClaimedObserved({ attention }: { readonly attention: Attention }) {
  const { observed, looks } = attention
  return (
    <section aria-labelledby="compared">
      <h2 id="compared">Claimed and observed</h2>
      {observed.length === 0 && <p>The real system has shown nothing definite.</p>}
      {observed.map(({ wanted, shown, found, detail, at }) => (
        <div key={at}>
          <p>
            Found: <strong>{effectWords[found]}</strong>
            {detail && <>, {plain(detail)}</>} <Moment at={at} />
          </p>
          <Compared wanted={wanted ?? {}} shown={shown ?? {}} />
        </div>
      ))}
      <p class="hint">
        {looks.count === 0
          ? 'Nobody has looked again yet'
          : `Looked ${looks.count === 1 ? 'once' : `${looks.count} times`}`}
        {looks.last && (
          <>
            ; the last time: {effectWords[looks.last.found]}
            {looks.last.detail && ` (${plain(looks.last.detail)})`}
          </>
        )}
        .
      </p>
    </section>
  )
}

type Values = Readonly<Record<string, unknown>>

function Compared({ wanted, shown }: { readonly wanted: Values; readonly shown: Values }) {
  const names = [...new Set([...Object.keys(wanted), ...Object.keys(shown)])]
  if (names.length === 0) return null
  return (
    <table class="changes">
      <caption>Field by field</caption>
      <thead>
        <tr>
          <th scope="col">Field</th>
          <th scope="col">Claimed</th>
          <th scope="col">Observed</th>
        </tr>
      </thead>
      <tbody>
        {names.map((name) => {
          const [claimed, seen] = [plain(wanted[name]), plain(shown[name])]
          const differs = name in wanted && claimed !== seen
          return (
            <tr key={name} class={differs ? 'differs' : ''}>
              <th scope="row">
                <bdi class="theirs">{plain(name)}</bdi>
              </th>
              <td data-name="Claimed">
                <bdi class="theirs">{claimed}</bdi>
              </td>
              <td data-name="Observed">
                <bdi class="theirs">{seen}</bdi>
                {differs && <span class="tag tag-flag">differs</span>}
              </td>
            </tr>
          )
        })}
      </tbody>
    </table>
  )
}
