import { createPublicKey, type JsonWebKey } from 'node:crypto'

const p256 = 1
const ed25519 = 6

/** A public key as authenticators give it (COSE, RFC 9053), as SPKI in base64url. Throws for kinds we take none of. */
export function spkiOfCose(cose: ReadonlyMap<number, unknown>): string {
  const key = createPublicKey({ key: jwkOf(cose), format: 'jwk' })
  return key.export({ type: 'spki', format: 'der' }).toString('base64url')
}

function jwkOf(cose: ReadonlyMap<number, unknown>): JsonWebKey {
  const [kind, curve] = [cose.get(1), cose.get(-1)]
  const text = (label: number) => Buffer.from(cose.get(label) as Uint8Array).toString('base64url')
  if (kind === 2 && curve === p256) return { kty: 'EC', crv: 'P-256', x: text(-2), y: text(-3) }
  if (kind === 1 && curve === ed25519) return { kty: 'OKP', crv: 'Ed25519', x: text(-2) }
  if (kind === 3) return { kty: 'RSA', n: text(-1), e: text(-2) }
  throw new TypeError('a kind of key that passkeys do not have')
}
