import { createPrivateKey, generateKeyPairSync, type KeyObject, sign } from 'node:crypto'
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { ExequaturError } from '../domain/errors.js'
import { encodePublicKey } from '../identity/person-key.js'
import { keyIdOf } from '../identity/signing-key.js'
import { homeOf } from './dev-json.js'
import type { Terminal } from './terminal.js'

type Around = Pick<Terminal, 'env' | 'cwd'>

/** The folder of the keys that people on this machine sign votes with: never sent anywhere, each readable by its owner only. */
function keyFolder(terminal: Around): string {
  if (terminal.env.EXEQUATUR_HOME) return join(homeOf(terminal), 'own-keys')
  return join(terminal.env.XDG_CONFIG_HOME || join(terminal.env.HOME || homedir(), '.config'), 'exequatur', 'own-keys')
}

/** Whether there is any key on this machine to sign with. */
export function hasKeys(terminal: Around): boolean {
  try {
    return readdirSync(keyFolder(terminal)).some((name) => name.endsWith('.pem'))
  } catch {
    return false
  }
}

export interface KeyPair {
  readonly key_id: string
  readonly privateKey: KeyObject
  /** SPKI as base64url. */
  readonly public_key: string
}

export function makeKeyPair(): KeyPair {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519')
  return { key_id: keyIdOf(publicKey), privateKey, public_key: encodePublicKey(publicKey) }
}

/** Writes a private key for its owner only; resolves to the file. Never over another. */
export function keepKey(terminal: Around, name: string, privateKey: KeyObject): string {
  const folder = keyFolder(terminal)
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  const file = join(folder, fileOf(name))
  writeFileSync(file, privateKey.export({ type: 'pkcs8', format: 'pem' }), { mode: 0o600, flag: 'wx' })
  return file
}

/** The private key of that id; null if it is not on this machine. Throws `EXQ-7001` for a file that holds no such key. */
export function readKey(terminal: Around, keyId: string): KeyObject | null {
  const file = join(keyFolder(terminal), fileOf(keyId))
  let pem: string
  try {
    pem = readFileSync(file, 'utf8')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null
    throw error
  }
  try {
    return createPrivateKey(pem)
  } catch (error) {
    throw new ExequaturError('EXQ-7001', `${file} is not a private key in PEM`, [], { cause: error })
  }
}

/** The first of these keys whose private half is on this machine; null if none is. */
export function ownKeyAmong(
  terminal: Around,
  keys: readonly { readonly key_id: string }[],
): { readonly key_id: string; readonly key: KeyObject } | null {
  for (const { key_id } of keys) {
    const key = readKey(terminal, key_id)
    if (key) return { key_id, key }
  }
  return null
}

/** Ed25519 over the bytes, base64url. */
export function signWith(key: KeyObject, bytes: string): string {
  return sign(null, Buffer.from(bytes), key).toString('base64url')
}

/** Ids hold a colon, which not every file system takes; nothing else of what a server says gets into a path. */
function fileOf(keyId: string): string {
  return `${keyId.replaceAll(/[^A-Za-z0-9]/g, '-')}.pem`
}
