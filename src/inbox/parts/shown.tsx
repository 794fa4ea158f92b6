import type { Shown } from '../../domain/rendered.js'

/** Somebody else's text, as text; where it is cut, that is said beside it. */
export function ShownText({ shown }: { readonly shown: Shown }) {
  return (
    <>
      <bdi class="theirs">{shown.text}</bdi>
      {shown.cut && (
        <span class="cut">
          {' '}
          Cut: {shown.cut.left} characters are not shown. All of it: <code>{shown.cut.digest}</code>
        </span>
      )}
    </>
  )
}

export function ShownOrNothing({ shown }: { readonly shown: Shown | null }) {
  return shown === null ? <span class="nothing">nothing</span> : <ShownText shown={shown} />
}
