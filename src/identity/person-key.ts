import { createPublicKey, type KeyObject, verify } from 'node:crypto'
import { keyIdOf } from './signing-key.js'

/** A public key as people register it: Ed25519, SPKI as base64url. Null for anything else. */
export function parsePublicKey(
  text: string,
): { readonly key: KeyObject; readonly key_id: string; readonly public_key: string } | null {
  try {
    const key = createPublicKey({ key: Buffer.from(text, 'base64url'), format: 'der', type: 'spki' })
    if (key.asymmetricKeyType !== 'ed25519') return null
    return { key, key_id: keyIdOf(key), public_key: encodePublicKey(key) }
  } catch {
    return null
  }
}

export function encodePublicKey(key: KeyObject): string {
  return key.export({ type: 'spki', format: 'der' }).toString('base64url')
}

/** Whether the key of that id, and no other, signed these bytes. */
export function isSignedBy(
  key: { readonly key_id: string; readonly public_key: string },
  bytes: string,
  signature: string,
): boolean {
  const parsed = parsePublicKey(key.public_key)
  if (parsed?.key_id !== key.key_id) return false
  return verify(null, Buffer.from(bytes), parsed.key, Buffer.from(signature, 'base64url'))
}
