import { createPrivateKey, createPublicKey, generateKeyPairSync } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

export type KeyFiles = {
  /** PEM file of the Ed25519 private key, for the server. */
  readonly signing: string
  /** PEM file of the public key, for the executor. */
  readonly verify: string
}

/** The key pair in the data folder's `keys`, made if it is missing; both files can be read by their owner only. */
export function obtainKeys(home: string): KeyFiles {
  const folder = join(home, 'keys')
  const files = { signing: join(folder, 'signing-key.pem'), verify: join(folder, 'verify-key.pem') }
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  if (!existsSync(files.signing)) {
    const { privateKey } = generateKeyPairSync('ed25519')
    writePem(files.signing, privateKey.export({ type: 'pkcs8', format: 'pem' }))
  }
  // Derived, so that the two can never be of different pairs.
  const publicKey = createPublicKey(createPrivateKey(readFileSync(files.signing)))
  writePem(files.verify, publicKey.export({ type: 'spki', format: 'pem' }))
  return files
}

function writePem(file: string, pem: string | Buffer): void {
  writeFileSync(`${file}.new`, pem, { mode: 0o600 })
  renameSync(`${file}.new`, file)
}
