import type { Approval } from '../api/views.js'
import { FlagWords } from '../parts/flag-words.js'

interface AcknowledgeProps {
  readonly flags: Approval['flags']
  readonly steps: readonly string[]
  readonly target: string
  readonly seen: readonly string[]
  readonly typed: string
  readonly onSeen: (names: readonly string[]) => void
  readonly onTyped: (text: string) => void
}

/** Each flag is ticked by itself; then the id of what is acted on is typed, as on the command line. */
export function Acknowledge({ flags, steps, target, seen, typed, onSeen, onTyped }: AcknowledgeProps) {
  const tick = (name: string, on: boolean) => onSeen(on ? [...seen, name] : seen.filter((each) => each !== name))
  return (
    <fieldset class="acknowledge">
      <legend>What you have to have seen</legend>
      {flags.map(({ name, says }, index) => (
        <label class="tick" key={name}>
          <input
            type="checkbox"
            data-first={index === 0 || undefined}
            checked={seen.includes(name)}
            onChange={({ currentTarget }) => tick(name, currentTarget.checked)}
          />
          <span>
            <FlagWords {...{ name, says, steps }} />
          </span>
        </label>
      ))}
      <label class="field">
        <span>
          Type <strong class="code">{target}</strong>
        </span>
        <input
          type="text"
          autocomplete="off"
          autocapitalize="off"
          spellcheck={false}
          value={typed}
          onInput={({ currentTarget }) => onTyped(currentTarget.value)}
        />
      </label>
    </fieldset>
  )
}

export function isAcknowledged({
  flags,
  target,
  seen,
  typed,
}: Omit<AcknowledgeProps, 'steps' | 'onSeen' | 'onTyped'>): boolean {
  return flags.length === 0 || (flags.every(({ name }) => seen.includes(name)) && typed === target)
}
