import { flagPlace } from './flag-place.js'

interface FlagWordsProps {
  readonly name: string
  readonly says: string
  /** Ids of the steps that are asked for. */
  readonly steps: readonly string[]
}

/** What needs a closer look, and where it is. */
export function FlagWords({ name, says, steps }: FlagWordsProps) {
  const { words, field } = flagPlace(name, steps)
  return (
    <>
      {says}, {words}
      {field !== null && (
        <>
          {' '}
          <bdi class="theirs code">{field}</bdi>
        </>
      )}
    </>
  )
}
