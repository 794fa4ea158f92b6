import { ExequaturError } from '../domain/errors.js'
import {
  challengeIn,
  checkCreation,
  creationOptions,
  type RelyingParty,
  relyingPartyOf,
} from '../identity/passkey-registration.js'
import { hadKeys } from '../ledger/queries/had-keys.js'
import {
  type PasskeyChallenge,
  recordPasskeyChallenge,
  takePasskeyChallenge,
} from '../ledger/queries/record-passkey-challenge.js'
import type { Caller, ControlPlane } from './control-plane.js'
import { type KeyView, viewKey } from './keys.js'
import { recordOwnKey } from './record-own-key.js'
import { requirePerson } from './require-person.js'
import { requireFreshSignIn } from './sign-in/require-fresh-sign-in.js'
import type { Proof } from './signed-statement.js'

type CreationOptions = Awaited<ReturnType<typeof creationOptions>>

export interface NewPasskey {
  /** `RegistrationResponseJSON` of the browser. */
  readonly response: unknown
  /** For a further key: the proof of a live one over the RFC 8785 bytes of a `KeyEndorsement` of the new public key. */
  readonly endorsement?: Proof | undefined
}

const challengeLivesMs = 10 * 60_000

/**
 * What a browser needs to make a passkey of the caller's, answered once. Where it would be the first, and be refused, no
 * device is asked to make one. Throws `EXQ-2002`, `EXQ-2036`, `EXQ-4055`.
 */
export async function passkeyOptions(plane: ControlPlane, caller: Caller): Promise<CreationOptions> {
  const site = requireSite(plane, caller)
  const { tenant, principal, authority } = caller
  const own = authority.keysOf(principal.principal).flatMap(({ credential_id: id }) => (id ? [id] : []))
  if (!(await hadKeys(plane.pool, tenant, principal.principal))) await requireFreshSignIn(plane.pool, caller)
  const name = principal.principal.slice('person:'.length)
  const options = await creationOptions(site, { tenant, name, credentialIds: own })
  await recordPasskeyChallenge(plane.pool, tenant, answeredBy(caller, options.challenge))
  return options
}

/**
 * Makes what a browser answered one of the caller's keys, and uses its challenge up. Where no live key has signed for it,
 * the challenge stays good for one that has. Throws `EXQ-2002`, `EXQ-4055`, `EXQ-4056`, and as {@link recordOwnKey} does.
 */
export async function registerPasskey(plane: ControlPlane, caller: Caller, made: NewPasskey): Promise<KeyView> {
  const site = requireSite(plane, caller)
  const { tenant, account } = caller
  const principal = caller.principal.principal
  const challenge = challengeIn(made.response)
  if (challenge === null) throw new ExequaturError('EXQ-4056', 'it answers no challenge')
  const passkey = await checkCreation(site, made.response, challenge)
  if (!passkey) throw new ExequaturError('EXQ-4056', `it was not made at ${site.origin}, with you there and verified`)
  const { key_id, public_key, credential_id } = passkey
  const registration = { tenant, key_id, principal, public_key, recorded_by: principal, account }
  const row = await recordOwnKey(
    plane,
    caller,
    { ...registration, passkey: { credential_id, ...site } },
    made.endorsement,
    async (db) => {
      if (!(await takePasskeyChallenge(db, tenant, answeredBy(caller, challenge), challengeLivesMs)))
        throw new ExequaturError('EXQ-4056', 'its challenge was not given to you, or too long ago, or is used up')
    },
  )
  return viewKey(row)
}

function requireSite({ inbox }: ControlPlane, caller: Caller): RelyingParty {
  requirePerson(caller, 'have keys')
  const site = relyingPartyOf(inbox.publicUrl)
  if (!site) throw new ExequaturError('EXQ-4055', `the inbox is at ${inbox.publicUrl}`)
  return site
}

/** Whoever asked answers, in the same sign-in. */
function answeredBy({ principal, signIn, account }: Caller, challenge: string): PasskeyChallenge {
  return { challenge, principal: principal.principal, way_in: signIn?.id ?? account }
}
