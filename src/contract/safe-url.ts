/** Which addresses {@link isSafeUrl} takes, in words. */
export const safeUrls = 'an https address without a password, or http on this machine'

/** Is it an address that secrets, and what people are shown, may go to? Nothing goes in the clear but on this machine. */
export function isSafeUrl(text: string): boolean {
  if (!URL.canParse(text)) return false
  const { protocol, hostname, username, password } = new URL(text)
  if (username || password) return false
  const isHere = hostname === 'localhost' || hostname === '[::1]' || /^127(\.\d{1,3}){3}$/.test(hostname)
  return protocol === 'https:' || (protocol === 'http:' && isHere)
}
