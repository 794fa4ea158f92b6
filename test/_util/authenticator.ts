import { createHash, generateKeyPairSync, type KeyObject, randomBytes, sign } from 'node:crypto'
import { isoCBOR } from '@simplewebauthn/server/helpers'
import { canonical } from '../../src/digest.js'
import type { KeyEndorsement } from '../../src/domain/key-registration.js'
import { type Assertion, challengeOf, parsePasskey } from '../../src/identity/passkey.js'

export const algorithms = ['ES256', 'EdDSA', 'RS256'] as const
export type Algorithm = (typeof algorithms)[number]

/** What a browser and its authenticator say, where that is not what it should be. */
export interface Said {
  readonly type?: string
  readonly challenge?: string
  readonly origin?: string
  readonly rpId?: string
  readonly flags?: number
  /** More of what the browser says. */
  readonly client?: Record<string, unknown>
}

/** A passkey on a device of somebody's, as a browser would use it. */
export type Authenticator = ReturnType<typeof newAuthenticator>

const present = 0x01
const verified = 0x04
const attested = 0x40

export function newAuthenticator(page: string, algorithm: Algorithm = 'ES256') {
  const { privateKey, publicKey } = keyPair(algorithm)
  const parsed = parsePasskey(publicKey.export({ type: 'spki', format: 'der' }).toString('base64url'))
  if (!parsed) throw new Error('it is no passkey')
  const rpId = new URL(page).hostname
  const credentialId = randomBytes(16)
  const clientData = (type: string, challenge: string, said: Said) => {
    const data = { type: said.type ?? type, challenge: said.challenge ?? challenge, origin: said.origin ?? page }
    return Buffer.from(JSON.stringify({ ...data, crossOrigin: false, ...said.client }))
  }
  const dataOf = (flags: number, said: Said, more = Buffer.alloc(0)) =>
    Buffer.concat([sha256(said.rpId ?? rpId), Buffer.from([said.flags ?? flags]), Buffer.alloc(4), more])
  const assertBy = (challenge: string, said: Said = {}): Assertion => {
    const client = clientData('webauthn.get', challenge, said)
    const data = dataOf(present | verified, said)
    const signed = Buffer.concat([data, sha256(client)])
    return {
      authenticator_data: data.toString('base64url'),
      client_data: client.toString('base64url'),
      signature: sign(algorithm === 'EdDSA' ? null : 'sha256', signed, privateKey).toString('base64url'),
    }
  }
  return {
    key_id: parsed.key_id,
    public_key: parsed.public_key,
    credential_id: credentialId.toString('base64url'),
    cose: coseOf(publicKey, algorithm),
    /** What `navigator.credentials.create` answers the options with. */
    create: ({ challenge }: { readonly challenge: string }, said: Said = {}) => {
      const cose = coseOf(publicKey, algorithm)
      const length = Buffer.from([0, credentialId.length])
      const made = Buffer.concat([Buffer.alloc(16), length, credentialId, cose])
      const authData = dataOf(present | verified | attested, said, made)
      const attestation = new Map<string, unknown>([
        ['fmt', 'none'],
        ['attStmt', new Map()],
        ['authData', new Uint8Array(authData)],
      ])
      return {
        id: credentialId.toString('base64url'),
        rawId: credentialId.toString('base64url'),
        type: 'public-key',
        clientExtensionResults: {},
        response: {
          clientDataJSON: clientData('webauthn.create', challenge, said).toString('base64url'),
          attestationObject: Buffer.from(isoCBOR.encode(attestation as never)).toString('base64url'),
        },
      }
    },
    /** What `navigator.credentials.get` answers, asked to sign these bytes. */
    assert: (bytes: string, said: Said = {}) => assertBy(challengeOf(bytes), said),
    /** A proof for a further key of the same person. */
    endorse: (tenant: string, principal: string, public_key: string) => {
      const statement: KeyEndorsement = { purpose: 'endorse-key', tenant, principal, public_key }
      return { key_id: parsed.key_id, assertion: assertBy(challengeOf(canonical(statement))) }
    },
  }
}

function keyPair(algorithm: Algorithm): { readonly privateKey: KeyObject; readonly publicKey: KeyObject } {
  if (algorithm === 'ES256') return generateKeyPairSync('ec', { namedCurve: 'P-256' })
  if (algorithm === 'RS256') return generateKeyPairSync('rsa', { modulusLength: 2_048 })
  return generateKeyPairSync('ed25519')
}

function coseOf(key: KeyObject, algorithm: Algorithm): Buffer {
  const jwk = key.export({ format: 'jwk' })
  const part = (text: string | undefined) => new Uint8Array(Buffer.from(text ?? '', 'base64url'))
  const fields: Readonly<Record<Algorithm, [number, number | Uint8Array][]>> = {
    ES256: [
      [1, 2],
      [3, -7],
      [-1, 1],
      [-2, part(jwk.x)],
      [-3, part(jwk.y)],
    ],
    EdDSA: [
      [1, 1],
      [3, -8],
      [-1, 6],
      [-2, part(jwk.x)],
    ],
    RS256: [
      [1, 3],
      [3, -257],
      [-1, part(jwk.n)],
      [-2, part(jwk.e)],
    ],
  }
  return Buffer.from(isoCBOR.encode(new Map(fields[algorithm]) as never))
}

function sha256(bytes: Buffer | string): Buffer {
  return createHash('sha256').update(bytes).digest()
}
