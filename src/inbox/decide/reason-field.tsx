interface ReasonFieldProps {
  readonly reason: string
  readonly label?: string
  readonly onReason: (reason: string) => void
}

/** A reason that has to be given. */
export function ReasonField({ reason, onReason, label = 'Reason' }: ReasonFieldProps) {
  return (
    <label class="field">
      <span>{label} (needed)</span>
      <textarea
        data-first
        required
        rows={3}
        maxLength={2_000}
        value={reason}
        onInput={({ currentTarget }) => onReason(currentTarget.value)}
      />
    </label>
  )
}
