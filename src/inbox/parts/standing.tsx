import type { StandingNow } from '../screens/standing.js'

/** Says at once when it was decided elsewhere, expired or was withdrawn while somebody looks. */
export function Standing({ standing, meanwhile }: { readonly standing: StandingNow; readonly meanwhile: boolean }) {
  return (
    <div role="status" aria-live="assertive" class="standing-place">
      {standing.says !== '' && (
        <p class={`standing standing-${standing.kind}`}>
          {meanwhile && standing.kind !== 'watching' && <strong>While you looked: </strong>}
          {standing.says}
        </p>
      )}
    </div>
  )
}
