import { startAuthentication, startRegistration } from '@simplewebauthn/browser'
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

export async function passkeysOf(api: Api): Promise<readonly Key[]> {
  const { items } = await api.get<{ items: readonly Key[] }>('/v1/keys')
  return items.filter(({ kind }) => kind === 'passkey')
}

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

/** Makes a passkey on this device and registers it. A further one is endorsed by one that the person has: it signs too. */
export async function registerPasskey(api: Api, me: Me): Promise<Key> {
  const own = await passkeysOf(api)
  const optionsJSON = await api.post<Parameters<typeof startRegistration>[0]['optionsJSON']>('/v1/passkeys/options', {})
  const response = await startRegistration({ optionsJSON })
  const endorsement = own.length > 0 ? await endorse(me, own, response.response.publicKey) : undefined
  return api.post<Key>('/v1/passkeys', { response, ...(endorsement && { endorsement }) })
}

async function endorse(me: Me, own: readonly Key[], public_key: string | undefined) {
  if (public_key === undefined) throw new Error('this browser does not tell the public key of a new passkey')
  const { tenant, principal } = me
  const statement: KeyEndorsement = { purpose: 'endorse-key', tenant, principal, public_key }
  const { statement: _, ...proof } = await signWithPasskey(canonical(statement), own)
  return proof
}
