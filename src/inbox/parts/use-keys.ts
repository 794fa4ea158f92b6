import { useEffect, useRef } from 'preact/hooks'
import { keysAreOn } from './keys-setting.js'

/** What single keys do; none of them decides anything. */
export type Keys = Readonly<Record<string, () => void>>

/** Listens to single keys for as long as it is shown; not in fields, not in dialogs, not with modifiers. */
export function useKeys(keys: Keys): void {
  const latest = useRef(keys)
  latest.current = keys
  useEffect(() => {
    const pressed = (event: KeyboardEvent) => {
      if (event.defaultPrevented || event.repeat || event.ctrlKey || event.metaKey || event.altKey) return
      if (!keysAreOn() || isBusy(event.target)) return
      const act = Object.hasOwn(latest.current, event.key) ? latest.current[event.key] : undefined
      if (!act) return
      event.preventDefault()
      act()
    }
    addEventListener('keydown', pressed)
    return () => removeEventListener('keydown', pressed)
  }, [])
}

function isBusy(target: EventTarget | null): boolean {
  if (document.querySelector('dialog[open]')) return true
  return target instanceof HTMLElement && target.matches('input:not([type=checkbox]), textarea, select')
}
