import type { ComponentChildren } from 'preact'
import { useEffect, useId, useRef, useState } from 'preact/hooks'

interface DialogProps {
  readonly title: string
  /** What it is about: read out after the title, as the focus may begin behind it. */
  readonly about?: ComponentChildren
  readonly onClose: () => void
  readonly children?: ComponentChildren
}

/** Longer than the second tap of a double one takes to come. */
const settlingMs = 400

/**
 * A modal dialog. Closed, it gives the focus back to whatever had it. What is marked `data-first` gets it at first. The
 * gesture that opened it presses no button in it: not the key that is held, nor the rest of a double click or tap.
 */
export function Dialog({ title, about, onClose, children }: DialogProps) {
  const element = useRef<HTMLDialogElement>(null)
  const [settling, setSettling] = useState(true)
  const [heading, subject] = [useId(), useId()]
  useEffect(() => {
    const dialog = element.current
    const before = document.activeElement
    const timer = setTimeout(() => setSettling(false), settlingMs)
    dialog?.showModal()
    dialog?.querySelector<HTMLElement>('[data-first]')?.focus()
    return () => {
      clearTimeout(timer)
      dialog?.close()
      if (before instanceof HTMLElement && before.isConnected) before.focus()
    }
  }, [])
  const cancelled = (event: Event) => {
    event.preventDefault()
    onClose()
  }
  return (
    <dialog
      ref={element}
      class={settling ? 'settling' : ''}
      aria-labelledby={heading}
      aria-describedby={about === undefined ? undefined : subject}
      onCancel={cancelled}
      onKeyDownCapture={(event) => event.repeat && event.key === 'Enter' && refuse(event)}
      onClickCapture={(event) => event.detail > 1 && refuse(event)}
    >
      <h2 id={heading}>{title}</h2>
      {about !== undefined && (
        <div id={subject} class="about">
          {about}
        </div>
      )}
      {children}
    </dialog>
  )
}

/** Of buttons only: in a field a key is held, and a word clicked twice, on purpose. */
function refuse(event: Event) {
  if (!(event.target instanceof Element && event.target.closest('button'))) return
  event.preventDefault()
  event.stopPropagation()
}
