import type { RefObject } from 'preact'

interface DialogButtonsProps {
  /** On the button that does it. */
  readonly does: string
  readonly kind: 'approve' | 'reject'
  readonly ready: boolean
  readonly busy: boolean
  /** Whether the focus begins on the button that does it. */
  readonly first?: boolean
  readonly confirm?: RefObject<HTMLButtonElement | null>
  readonly onDo: () => void
  readonly onClose: () => void
}

/** What ends a question: do it, or not now. */
export function DialogButtons({ does, kind, ready, busy, first, confirm, onDo, onClose }: DialogButtonsProps) {
  return (
    <div class="actions">
      <button
        type="button"
        ref={confirm ?? null}
        class={kind}
        disabled={!ready || busy}
        onClick={onDo}
        data-first={first || undefined}
      >
        {busy ? 'Sending …' : does}
      </button>
      <button type="button" onClick={onClose}>
        Not now
      </button>
    </div>
  )
}
