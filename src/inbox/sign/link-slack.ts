import type { SlackLinkEndorsement } from '../../domain/slack-link.js'
import type { Api } from '../api/api.js'
import type { Me } from '../api/views.js'
import { canonical } from './digest.js'
import { isNotAtHand, isPasskey, keysOf, type SignedByPasskey, signWithPasskey } from './passkey.js'

export interface SlackUser {
  readonly team: string
  readonly user: string
  readonly name: string | null
}

/** Who in Slack was the person until now. */
interface Linked {
  readonly unlinked: readonly string[]
}

/**
 * Makes a Slack user the person. Where they have a passkey, it signs for that. Resolves to null where a key of the command
 * line has to sign, as no passkey is there or at hand, so that nothing was linked.
 */
export async function linkSlack(api: Api, me: Me, { team, user }: SlackUser, code: string): Promise<Linked | null> {
  const keys = await keysOf(api)
  const passkeys = keys.filter(isPasskey)
  if (keys.length > 0 && passkeys.length === 0) return null
  const { tenant, principal } = me
  const statement: SlackLinkEndorsement = { purpose: 'link-slack', tenant, principal, team, user }
  let signed: SignedByPasskey | null = null
  try {
    if (passkeys.length > 0) signed = await signWithPasskey(canonical(statement), passkeys)
  } catch (error) {
    if (keys.length > passkeys.length && isNotAtHand(error)) return null
    throw error
  }
  const endorsement = signed && { key_id: signed.key_id, assertion: signed.assertion }
  return api.post<Linked>('/v1/slack-links', { code, ...(endorsement && { endorsement }) })
}
