import { type RegistrationResponseJSON, startAuthentication, startRegistration } from '@simplewebauthn/browser'
import type { KeyEndorsement } from '../../domain/key-registration.js'
import type { Api } from '../api/api.js'
import type { Key, Me } from '../api/views.js'
import { base64url, canonical, sha256 } from './digest.js'

/** A statement that the person's passkey has signed. */
export interface SignedByPasskey {
  readonly statement: string
  readonly key_id: string
  readonly assertion: { readonly authenticator_data: string; readonly client_data: string; readonly signature: string }
}

/** All live keys of the person: passkeys, and those of the command line. */
export async function keysOf(api: Api): Promise<readonly Key[]> {
  return (await api.get<{ items: readonly Key[] }>('/v1/keys')).items
}

export async function passkeysOf(api: Api): Promise<readonly Key[]> {
  return (await keysOf(api)).filter(isPasskey)
}

export const isPasskey = ({ kind }: Key) => kind === 'passkey'

/** Asks the person's passkey for a signature: its challenge is the digest of the statement. */
export async function signWithPasskey(statement: string, passkeys: readonly Key[]): Promise<SignedByPasskey> {
  const usable = passkeys.flatMap((key) => (key.credential_id ? [{ id: key.credential_id, key_id: key.key_id }] : []))
  const { id, response } = await startAuthentication({
    optionsJSON: {
      challenge: base64url(await sha256(statement)),
      allowCredentials: usable.map(({ id }) => ({ id, type: 'public-key' as const })),
      userVerification: 'required',
      timeout: 120_000,
    },
  })
  const key = usable.find((each) => each.id === id)
  if (!key) throw new Error('that passkey is not registered here')
  return {
    statement,
    key_id: key.key_id,
    assertion: {
      authenticator_data: response.authenticatorData,
      client_data: response.clientDataJSON,
      signature: response.signature,
    },
  }
}

/** A passkey that this device has made, and that is not registered yet. */
export interface NewPasskey {
  readonly response: RegistrationResponseJSON
  /** SPKI as base64url. */
  readonly publicKey: string
}

/** What a key of the person has signed for a further one. */
type Endorsement = Omit<SignedByPasskey, 'statement'> | { readonly key_id: string; readonly signature: string }

/**
 * Makes a passkey on this device and registers it. A further one is endorsed by one that the person has: it signs too.
 * Resolves to the new one where a key of the command line has to sign for it, as no passkey is there or at hand, so that it
 * is not registered yet.
 */
export async function setUpPasskey(api: Api, me: Me): Promise<NewPasskey | null> {
  const keys = await keysOf(api)
  const passkeys = keys.filter(isPasskey)
  const optionsJSON = await api.post<Parameters<typeof startRegistration>[0]['optionsJSON']>('/v1/passkeys/options', {})
  const response = await startRegistration({ optionsJSON })
  const { publicKey } = response.response
  if (keys.length > 0 && publicKey === undefined)
    throw new Error('this browser does not tell the public key of a new passkey')
  const made = { response, publicKey: publicKey ?? '' }
  const others = keys.length > passkeys.length
  if (passkeys.length === 0) {
    if (others) return made
    await registerPasskey(api, made)
    return null
  }
  try {
    await registerPasskey(api, made, await endorse(me, passkeys, made))
    return null
  } catch (error) {
    if (others && isNotAtHand(error)) return made
    throw error
  }
}

export function registerPasskey(api: Api, { response }: NewPasskey, endorsement?: Endorsement): Promise<Key> {
  return api.post<Key>('/v1/passkeys', { response, ...(endorsement && { endorsement }) })
}

/** What `exq key endorse` has printed; null for anything else. */
export function readEndorsement(text: string): Endorsement | null {
  const [, key_id, signature] = /^(ed25519:\w+)\s+([\w-]+)$/.exec(text.trim()) ?? []
  return key_id && signature ? { key_id, signature } : null
}

/** The person has no passkey here that could sign, or did not want it to. */
export function isNotAtHand(error: unknown): boolean {
  return error instanceof Error && error.name === 'NotAllowedError'
}

async function endorse(
  { tenant, principal }: Me,
  own: readonly Key[],
  { publicKey }: NewPasskey,
): Promise<Endorsement> {
  const statement: KeyEndorsement = { purpose: 'endorse-key', tenant, principal, public_key: publicKey }
  const { statement: _, ...proof } = await signWithPasskey(canonical(statement), own)
  return proof
}
