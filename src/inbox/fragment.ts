const name = 'exequatur-slack-code'

/**
 * The one-time code that a link carries behind its `#`, which browsers send to nobody. It is taken out of the address at
 * once, so that it stays in no history.
 */
export function takeCode(): string | null {
  const code = location.hash.slice(1)
  if (code === '') return null
  history.replaceState(null, '', location.pathname)
  return code
}

/** The code of a link from Slack: this tab keeps it until it is used, also while somebody signs in in between. */
export function takeSlackCode(): string | null {
  const code = takeCode()
  if (code === null) return sessionStorage.getItem(name)
  sessionStorage.setItem(name, code)
  return code
}

export function forgetSlackCode(): void {
  sessionStorage.removeItem(name)
}
