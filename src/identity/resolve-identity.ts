import { ExequaturError } from '../domain/errors.js'
import type { PrincipalRow } from '../ledger/queries/load-authority.js'
import { accountKey } from './account-key.js'
import type { Authority } from './authority.js'
import type { TokenClaims } from './token-claims.js'

/** Who a token makes its holder, under one authority. */
export interface ResolvedIdentity {
  readonly principal: PrincipalRow
  /** The identity it came in with, as {@link accountKey}. */
  readonly account: string
  readonly onBehalfOf: string | null
  readonly actors: readonly string[]
}

/**
 * Who the claims of a verified token stand for. With `act` (RFC 8693) the subject is the person acted for and the
 * outermost actor is the agent. Without it a token that was issued to an agent's client is the agent's, whoever its
 * subject is; any other one is its subject's. Throws `EXQ-2014`, `EXQ-2015`, `EXQ-2016`.
 */
export function resolveIdentity(claims: TokenClaims, authority: Authority): ResolvedIdentity {
  const own = (subject: string) => accountKey(claims.issuer.issuer, subject)
  const [current, ...earlier] = claims.acts
  const client = claims.client === null ? null : clientOf(authority, own(claims.client))
  if (current !== undefined) {
    if (!current.startsWith(own(''))) throw new ExequaturError('EXQ-2016', `${current} is an actor of another issuer`)
    const principal = requireAgent(authority, current)
    if (client && client.principal !== principal.principal)
      throw new ExequaturError(
        'EXQ-2016',
        `it was issued to ${client.principal}, but the actor is ${principal.principal}`,
      )
    const actors = earlier.map((actor) => actorOf(claims, authority, actor))
    return { principal, account: current, onBehalfOf: requirePerson(authority, own(claims.subject)), actors }
  }
  if (client && claims.client !== null && claims.client !== claims.subject) {
    const onBehalfOf = requirePerson(authority, own(claims.subject))
    return { principal: client, account: own(claims.client), onBehalfOf, actors: [] }
  }
  const account = own(claims.subject)
  const principal = holderOf(authority, account)
  const { signInClients } = claims.issuer
  // It may be an agent's, whose client the issuer names in another claim: nobody decides with such a token.
  if (principal.kind === 'person' && claims.client === null)
    throw new ExequaturError(
      'EXQ-2016',
      'it does not say which client it was issued to: see `claims.agent` of the issuer',
    )
  if (principal.kind === 'person' && claims.client !== null && signInClients?.includes(claims.client) === false)
    throw new ExequaturError('EXQ-2016', `people do not sign in through ${claims.client}`)
  return { principal, account, onBehalfOf: null, actors: [] }
}

/** The agent or service whose client this is; null for a client that never was anybody's. */
function clientOf(authority: Authority, account: string): PrincipalRow | null {
  if (!authority.accountBy(account)) return null
  const holder = holderOf(authority, account)
  return holder.kind === 'person' ? null : holder
}

/** The live principal that an identity is linked to. */
function holderOf(authority: Authority, account: string): PrincipalRow {
  const link = authority.accountBy(account)
  const row = link?.state === 'live' ? authority.principal(link.principal) : undefined
  if (!row) throw new ExequaturError('EXQ-2014', `${account} is ${link ? 'no longer' : 'not'} linked`)
  if (row.state !== 'live') throw new ExequaturError('EXQ-2015', `${row.principal} is ${row.state}`)
  return row
}

function requireAgent(authority: Authority, account: string): PrincipalRow {
  const row = holderOf(authority, account)
  if (row.kind !== 'agent') throw new ExequaturError('EXQ-2016', `${row.principal} is no agent`)
  return row
}

function requirePerson(authority: Authority, account: string): string {
  const row = holderOf(authority, account)
  if (row.kind !== 'person') throw new ExequaturError('EXQ-2016', `${row.principal} is no person to act for`)
  return row.principal
}

/** An earlier actor only ever narrows what is allowed: it has to be live, and whoever it is does not decide. */
function actorOf({ issuer }: TokenClaims, authority: Authority, account: string): string {
  if (!authority.accountBy(account) && issuer.unknownActors === 'record') return account
  return holderOf(authority, account).principal
}
