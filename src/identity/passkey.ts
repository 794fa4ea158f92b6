import { createHash, createPublicKey, type KeyObject, verify } from 'node:crypto'
import { canonical, digestBytes } from '../digest.js'
import { isObject } from '../domain/json.js'

/** What an authenticator answers a challenge with (WebAuthn `AuthenticatorAssertionResponse`), base64url each. */
export interface Assertion {
  readonly authenticator_data: string
  readonly client_data: string
  readonly signature: string
}

/** A passkey as it is registered: its key, and the site and the page that it signs for. */
export interface Passkey {
  readonly key_id: string
  /** ES256, EdDSA or RS256: SPKI as base64url. */
  readonly public_key: string
  readonly rp_id: string
  readonly origin: string
}

const flags = { userPresent: 0x01, userVerified: 0x04, attested: 0x40, extended: 0x80 } as const
const shortest = 37

/** What a passkey is asked to sign so that it signs these bytes. */
export function challengeOf(bytes: string): string {
  return createHash('sha256').update(bytes).digest('base64url')
}

/**
 * Whether the passkey signed exactly these bytes: on its own page, for its own site, with its person there and known to
 * the authenticator. Counters are not looked at: synchronised passkeys have none.
 */
export function isAsserted(passkey: Passkey, bytes: string, assertion: Assertion): boolean {
  const [data, client, signature] = [assertion.authenticator_data, assertion.client_data, assertion.signature].map(
    bytesOf,
  )
  const key = parsePasskey(passkey.public_key)
  if (!data || !client || !signature || key?.key_id !== passkey.key_id) return false
  if (!saysSo(client, challengeOf(bytes), passkey.origin) || !isFor(data, passkey.rp_id)) return false
  const signed = Buffer.concat([data, sha256(client)])
  return verify(key.key.asymmetricKeyType === 'ed25519' ? null : 'sha256', signed, key.key, signature)
}

/** A public key of a kind that passkeys have: SPKI as base64url. Null for anything else. */
export function parsePasskey(
  text: string,
): { readonly key: KeyObject; readonly key_id: string; readonly public_key: string } | null {
  try {
    const key = createPublicKey({ key: Buffer.from(text, 'base64url'), format: 'der', type: 'spki' })
    if (!isSound(key)) return null
    const spki = key.export({ type: 'spki', format: 'der' })
    const digest = digestBytes(spki).slice('sha256:'.length)
    return { key, key_id: `passkey:${digest.slice(0, 32)}`, public_key: spki.toString('base64url') }
  } catch {
    return null
  }
}

/** An assertion as the ledger keeps it. */
export function encodeAssertion({ authenticator_data, client_data, signature }: Assertion): string {
  return canonical({ authenticator_data, client_data, signature })
}

/** Null for anything that {@link encodeAssertion} does not make. */
export function parseAssertion(text: string): Assertion | null {
  try {
    const { authenticator_data, client_data, signature } = JSON.parse(text) as Readonly<Record<string, unknown>>
    if (![authenticator_data, client_data, signature].every((each) => typeof each === 'string')) return null
    const assertion = { authenticator_data, client_data, signature } as Assertion
    return encodeAssertion(assertion) === text ? assertion : null
  } catch {
    return null
  }
}

function isSound({ asymmetricKeyType: type, asymmetricKeyDetails: details }: KeyObject): boolean {
  if (type === 'ec') return details?.namedCurve === 'prime256v1'
  if (type === 'rsa') return (details?.modulusLength ?? 0) >= 2_048
  return type === 'ed25519'
}

/** What the browser says it was asked, and by whom. */
function saysSo(client: Buffer, challenge: string, origin: string): boolean {
  try {
    const said: unknown = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(client))
    if (!isObject(said)) return false
    return (
      said.type === 'webauthn.get' &&
      said.challenge === challenge &&
      said.origin === origin &&
      said.crossOrigin !== true &&
      said.topOrigin === undefined
    )
  } catch {
    return false
  }
}

/** What the authenticator says: for which site, and that its person was there and verified. */
function isFor(data: Buffer, rpId: string): boolean {
  const said = data[32] ?? 0
  const has = (flag: number) => (said & flag) === flag
  if (data.length < shortest || !data.subarray(0, 32).equals(sha256(Buffer.from(rpId)))) return false
  if (!has(flags.userPresent) || !has(flags.userVerified) || has(flags.attested)) return false
  return has(flags.extended) ? data.length > shortest : data.length === shortest
}

/** Null for what is not base64url as we would write it: one proof has one spelling. */
function bytesOf(text: string): Buffer | null {
  const bytes = Buffer.from(text, 'base64url')
  return bytes.length > 0 && bytes.toString('base64url') === text ? bytes : null
}

function sha256(bytes: Buffer): Buffer {
  return createHash('sha256').update(bytes).digest()
}
