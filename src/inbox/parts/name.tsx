import { readPrincipal } from '../words.js'

/** Who it is: people by their name alone, everything else with its kind. */
export function Name({ of }: { readonly of: string }) {
  const { kind, name } = readPrincipal(of)
  return (
    <>
      {kind !== '' && `the ${kind} `}
      <bdi class="name">{name}</bdi>
    </>
  )
}

interface NamesProps {
  readonly of: readonly string[]
  /** Before the last of several: `and`, `or`. */
  readonly last: string
}

export function Names({ of, last }: NamesProps) {
  return (
    <>
      {of.map((each, index) => (
        <span key={each}>
          {index > 0 && (index < of.length - 1 ? ', ' : ` ${last} `)}
          <Name of={each} />
        </span>
      ))}
    </>
  )
}
