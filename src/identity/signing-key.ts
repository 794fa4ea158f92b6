import { createPrivateKey, createPublicKey, type KeyObject, sign, verify } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { digestBytes } from '../digest.js'
import { ExequaturError } from '../domain/errors.js'

/** Signs on behalf of the server: it vouches for who voted. */
export interface SigningKey {
  readonly keyId: string
  /** Ed25519 over the bytes, base64url. */
  readonly sign: (bytes: string) => string
}

/** Checks a signature by a key the deployment trusts; false for any other. */
export type VerifySignature = (keyId: string, bytes: string, signature: string) => boolean

/** Reads an Ed25519 private key (PEM). Throws `EXQ-7001`. */
export async function readSigningKey(file: string): Promise<SigningKey> {
  const key = await readKey(file, createPrivateKey)
  return {
    keyId: keyIdOf(createPublicKey(key)),
    sign: (bytes) => sign(null, Buffer.from(bytes), key).toString('base64url'),
  }
}

/** Reads the public key (PEM) that votes are checked with; a private key serves as well. Throws `EXQ-7001`. */
export async function readVerifyKey(file: string): Promise<VerifySignature> {
  const key = await readKey(file, createPublicKey)
  const trusted = keyIdOf(key)
  return (keyId, bytes, signature) =>
    keyId === trusted && verify(null, Buffer.from(bytes), key, Buffer.from(signature, 'base64url'))
}

async function readKey(file: string, parse: (pem: Buffer) => KeyObject): Promise<KeyObject> {
  try {
    const key = parse(await readFile(file))
    if (key.asymmetricKeyType !== 'ed25519') throw new TypeError('not an Ed25519 key')
    return key
  } catch (error) {
    throw new ExequaturError('EXQ-7001', `${file} is not a readable Ed25519 key in PEM`, [], { cause: error })
  }
}

export function keyIdOf(key: KeyObject): string {
  return `ed25519:${digestBytes(key.export({ type: 'spki', format: 'der' })).slice('sha256:'.length, 'sha256:'.length + 16)}`
}
