import { canonical } from '../digest.js'
import type { Api } from './api.js'
import { hasKeys, ownKeyAmong, signWith } from './person-keys.js'
import type { Terminal } from './terminal.js'

/** Who signs, as the server knows them. */
export interface Signer {
  readonly tenant: string
  readonly principal: string
  readonly account: string
}

/** Signs what `statement` makes, with a key of the person that is on this machine; null where there is none. */
export async function signWithOwnKey(
  api: Api,
  terminal: Terminal,
  statement: (signer: Signer) => object,
): Promise<{ readonly statement: string; readonly key_id: string; readonly signature: string } | null> {
  if (!hasKeys(terminal)) return null
  const { items, ...signer } = await api.listKeys()
  const own = ownKeyAmong(terminal, items)
  if (!own) return null
  const bytes = canonical(statement(signer))
  return { statement: bytes, key_id: own.key_id, signature: signWith(own.key, bytes) }
}
