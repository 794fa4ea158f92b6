import { createHash, randomBytes } from 'node:crypto'
import { isIP } from 'node:net'
import { isObject } from '../domain/json.js'
import { spkiOfCose } from './cose-key.js'
import { parsePasskey } from './passkey.js'

/** The site and the page that passkeys of an inbox are for. */
export interface RelyingParty {
  readonly rp_id: string
  readonly origin: string
}

/** What an authenticator made, checked. */
export interface MadePasskey {
  readonly key_id: string
  readonly public_key: string
  readonly credential_id: string
}

/** ES256, EdDSA and RS256, as COSE numbers them. */
const algorithms = [-7, -8, -257]

/** Null where browsers keep no passkeys: at an address in digits, or without https anywhere but on this machine. */
export function relyingPartyOf(publicUrl: string): RelyingParty | null {
  const { hostname, protocol, origin } = new URL(publicUrl)
  if (isIP(hostname.replace(/^\[|\]$/g, '')) !== 0) return null
  return protocol === 'https:' || hostname === 'localhost' ? { rp_id: hostname, origin } : null
}

/** What a browser needs to make a passkey for somebody (`PublicKeyCredentialCreationOptionsJSON`), with a new challenge. */
export async function creationOptions(
  { rp_id }: RelyingParty,
  person: { readonly tenant: string; readonly name: string; readonly credentialIds: readonly string[] },
) {
  // Only who uses passkeys pays for loading this.
  const { generateRegistrationOptions } = await import('@simplewebauthn/server')
  const { tenant, name, credentialIds } = person
  return generateRegistrationOptions({
    rpName: 'Exequatur',
    rpID: rp_id,
    userName: `${name} (${tenant})`,
    userDisplayName: name,
    userID: createHash('sha256').update(`${tenant}/${name}`).digest(),
    challenge: randomBytes(32),
    attestationType: 'none',
    excludeCredentials: credentialIds.map((id) => ({ id })),
    authenticatorSelection: { residentKey: 'preferred', userVerification: 'required' },
    supportedAlgorithmIDs: algorithms,
  })
}

/** The challenge that a browser says to have answered; null if it says none. */
export function challengeIn(response: unknown): string | null {
  try {
    const { clientDataJSON } = (response as { readonly response: { readonly clientDataJSON: string } }).response
    const said: unknown = JSON.parse(Buffer.from(clientDataJSON, 'base64url').toString())
    return isObject(said) && typeof said.challenge === 'string' ? said.challenge : null
  } catch {
    return null
  }
}

/**
 * The passkey that a browser made (`RegistrationResponseJSON`) for this challenge, on our page, with its person verified.
 * Null for anything else.
 */
export async function checkCreation(
  { rp_id, origin }: RelyingParty,
  response: unknown,
  challenge: string,
): Promise<MadePasskey | null> {
  const { verifyRegistrationResponse } = await import('@simplewebauthn/server')
  const { decodeCredentialPublicKey } = await import('@simplewebauthn/server/helpers')
  try {
    const { verified, registrationInfo } = await verifyRegistrationResponse({
      response: response as Parameters<typeof verifyRegistrationResponse>[0]['response'],
      expectedChallenge: challenge,
      expectedOrigin: origin,
      expectedRPID: rp_id,
      expectedType: 'webauthn.create',
      requireUserPresence: true,
      requireUserVerification: true,
      supportedAlgorithmIDs: algorithms,
    })
    if (!verified) return null
    const { id, publicKey } = registrationInfo.credential
    const cose: unknown = decodeCredentialPublicKey(publicKey)
    const parsed = parsePasskey(spkiOfCose(cose as ReadonlyMap<number, unknown>))
    return parsed && { key_id: parsed.key_id, public_key: parsed.public_key, credential_id: id }
  } catch {
    return null
  }
}
