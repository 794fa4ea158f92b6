import { createHash } from 'node:crypto'
import canonicalizeModule from 'canonicalize'

// The package's typings describe the other module kind.
const canonicalize = canonicalizeModule as unknown as (value: unknown) => string | undefined

/** RFC 8785 bytes of a JSON value. */
export function canonical(value: unknown): string {
  const text = canonicalize(value)
  if (text === undefined) throw new TypeError('not a JSON value')
  return text
}

/** `sha256:` and 64 hex digits, over the RFC 8785 bytes. */
export function digest(value: unknown): string {
  return digestBytes(canonical(value))
}

export function digestBytes(bytes: string | Uint8Array): string {
  return `sha256:${createHash('sha256').update(bytes).digest('hex')}`
}

const alphabet = 'abcdefghijklmnopqrstuvwxyz234567'

/** A prefix and 26 base32 characters of a hash over length-prefixed parts, so that no two lists of parts collide. */
export function shortId(prefix: string, ...parts: readonly string[]): string {
  const hash = createHash('sha256')
  for (const part of parts) hash.update(`${Buffer.byteLength(part)}:${part}`)
  const bytes = hash.digest()
  let bits = 0n
  for (const byte of bytes.subarray(0, 17)) bits = (bits << 8n) | BigInt(byte)
  bits >>= 6n
  let id = ''
  for (let index = 0; index < 26; index += 1) {
    id = alphabet[Number(bits & 31n)] + id
    bits >>= 5n
  }
  return `${prefix}_${id}`
}
