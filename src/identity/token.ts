import { createHash, randomBytes } from 'node:crypto'

/** A bearer token: `exq_<tenant>_<43 random characters>`. Shown once, stored only as its hash. */
export function mintToken(tenant: string): string {
  return `exq_${tenant}_${randomBytes(32).toString('base64url')}`
}

/** The tenant a token claims; null if it is not one of ours. */
export function tenantOfToken(token: string): string | null {
  return /^exq_([a-z0-9-]{1,63})_[A-Za-z0-9_-]{43}$/.exec(token)?.[1] ?? null
}

export function hashToken(token: string): string {
  return createHash('sha256').update(token).digest('hex')
}
