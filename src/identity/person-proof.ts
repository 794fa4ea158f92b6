import type { StrongMethod } from '../domain/approval.js'
import type { KeyRow } from '../ledger/queries/load-authority.js'
import { isAsserted, parseAssertion } from './passkey.js'
import { isSignedBy } from './person-key.js'

/** A person's key, as far as it takes to check what it signed. */
type Key = Pick<KeyRow, 'key_id' | 'kind' | 'public_key' | 'rp_id' | 'origin'>

/** The method of a vote that this key signs. */
export function methodOfKey({ kind }: Pick<Key, 'kind'>): StrongMethod {
  return kind === 'passkey' ? 'passkey' : 'key'
}

/** Whether a person's key, and no other, signed these bytes. `proof`: a signature, of a passkey an assertion, as kept. */
export function isProvenBy(key: Key, bytes: string, proof: string): boolean {
  if (key.kind !== 'passkey') return isSignedBy(key, bytes, proof)
  const { key_id, public_key, rp_id, origin } = key
  const assertion = parseAssertion(proof)
  if (!assertion || !rp_id || !origin) return false
  return isAsserted({ key_id, public_key, rp_id, origin }, bytes, assertion)
}
