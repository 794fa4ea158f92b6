import { generateKeyPairSync, sign } from 'node:crypto'
import { canonical } from '../../src/digest.js'
import type { VoteStatement } from '../../src/domain/approval.js'
import type { KeyEndorsement, KeyPossession } from '../../src/domain/key-registration.js'
import { encodePublicKey } from '../../src/identity/person-key.js'
import { keyIdOf } from '../../src/identity/signing-key.js'

/** A person's own key, as it would be on their machine. */
export interface PersonKey {
  readonly key_id: string
  readonly public_key: string
  readonly sign: (bytes: string) => string
}

export function newKey(): PersonKey {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519')
  return {
    key_id: keyIdOf(publicKey),
    public_key: encodePublicKey(publicKey),
    sign: (bytes) => sign(null, Buffer.from(bytes), privateKey).toString('base64url'),
  }
}

/** What registers the key for somebody, a further one with the signature of one they have. */
export function registrationOf(key: PersonKey, tenant: string, principal: string, endorser?: PersonKey) {
  const { public_key } = key
  const possession: KeyPossession = { purpose: 'register-key', tenant, principal, public_key }
  const further: KeyEndorsement = { purpose: 'endorse-key', tenant, principal, public_key }
  return {
    public_key,
    proof: key.sign(canonical(possession)),
    ...(endorser && { endorsement: { key_id: endorser.key_id, signature: endorser.sign(canonical(further)) } }),
  }
}

/** A vote as it is sent, signed. */
export function signedBy(key: PersonKey, statement: VoteStatement) {
  const bytes = canonical(statement)
  return { statement: bytes, key_id: key.key_id, signature: key.sign(bytes) }
}
