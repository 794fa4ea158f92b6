let held: string | null = null

/**
 * The one-time code that a link carries behind its `#`, which browsers send to nobody. It is taken out of the address at
 * once, so that it stays in no history.
 */
export function takeFragment(): string | null {
  const code = location.hash.slice(1)
  if (code !== '') {
    held = code
    history.replaceState(null, '', location.pathname)
  }
  return held
}

export function forgetFragment(): void {
  held = null
}
