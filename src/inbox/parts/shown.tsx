import type { Shown, ShownValue } from '../../domain/rendered.js'

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

/** A value with its type, where it is no text: `500` may be either. */
export function ShownTyped({ shown }: { readonly shown: ShownValue }) {
  return (
    <>
      <ShownText shown={shown} />
      {shown.type !== 'string' && <span class="type"> {shown.type}</span>}
    </>
  )
}

export function ShownValueOrNothing({ shown }: { readonly shown: ShownValue | null }) {
  return shown === null ? <span class="nothing">nothing</span> : <ShownTyped shown={shown} />
}
