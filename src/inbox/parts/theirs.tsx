import { printable } from '../../domain/printable.js'

/** Somebody else's text as text: nothing in it acts or hides, and it stays in its place. */
export function Theirs({ text }: { readonly text: string }) {
  return <bdi class="theirs">{printable(text)}</bdi>
}
