import { createHash, randomBytes, timingSafeEqual } from 'node:crypto'

/** `si`: what the cookie of a sign-in holds. `ln`: the code of a sign-in link. */
type Kind = 'si' | 'ln'

/** A new secret, which names its tenant. Given out once, stored only as its hash. */
export function mintSecret(kind: Kind, tenant: string): string {
  return `${kind}_${tenant}_${randomBytes(32).toString('base64url')}`
}

/** The tenant a secret of that kind claims; null if it is none. */
export function tenantOfSecret(kind: Kind, secret: string): string | null {
  const [, found, tenant] = /^(si|ln)_([a-z0-9-]{1,63})_[A-Za-z0-9_-]{43}$/.exec(secret) ?? []
  return found === kind && tenant ? tenant : null
}

/** What a page of ours sends beside the cookie. Whoever cannot read our answers cannot know it. */
export function csrfTokenOf(secret: string): string {
  return createHash('sha256').update(`exequatur csrf\n${secret}`).digest('base64url')
}

export function isSameText(one: string, other: string): boolean {
  const [a, b] = [one, other].map((text) => createHash('sha256').update(text).digest()) as [Buffer, Buffer]
  return timingSafeEqual(a, b)
}
