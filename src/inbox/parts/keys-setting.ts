const name = 'exequatur-keys'

/** Single keys can be turned off by whoever speaks to the browser, or presses keys by accident. */
export function keysAreOn(): boolean {
  return stored() !== 'off'
}

export function turnKeys(on: boolean): void {
  try {
    if (on) localStorage.removeItem(name)
    else localStorage.setItem(name, 'off')
  } catch {
    // A browser that keeps nothing forgets this too.
  }
}

function stored(): string | null {
  try {
    return localStorage.getItem(name)
  } catch {
    return null
  }
}
