import type { Issuer } from '../contract/issuer.js'
import { ExequaturError } from '../domain/errors.js'
import { isObject } from '../domain/json.js'
import { accountKey } from './account-key.js'

/** What a verified access token says, before anybody is known by it. */
export interface TokenClaims {
  readonly issuer: Issuer
  readonly tenant: string
  /** Of the person it is about, or of a machine that asks for itself. */
  readonly subject: string
  /** The client it was issued to; null if it does not say. */
  readonly client: string | null
  /** The chain of `act` (RFC 8693): the present actor, then each earlier one, as {@link accountKey}s. */
  readonly acts: readonly string[]
  readonly session: string | null
  readonly scopes: readonly string[]
  /** When it ends, by this machine's clock with the tolerance added: milliseconds since 1970. */
  readonly endsAt: number
}

export const longestChain = 8
const longestName = 255
export const defaultClockTolerance = 5

/** Reads the claims of a token whose signature, issuer, audience and times are verified. Throws `EXQ-2010`, `EXQ-2014`, `EXQ-2016`. */
export function readClaims(payload: Readonly<Record<string, unknown>>, issuer: Issuer): TokenClaims {
  const { agent = 'client_id', person = 'sub', session = 'sid', scope = 'scope' } = issuer.claims ?? {}
  // Whoever holds a bound token has to prove it with a key; taken without that, it would be worth less than it says.
  if (payload.cnf !== undefined) throw new ExequaturError('EXQ-2010', 'it is bound to a key, which is not checked here')
  const subject = name(payload[person])
  if (subject === null) throw new ExequaturError('EXQ-2010', `the claim ${person} names nobody`)
  return {
    issuer,
    tenant: tenantOf(payload, issuer),
    subject,
    client: payload[agent] === undefined ? null : requireName(payload[agent], agent),
    acts: actsOf(payload.act, issuer),
    session: payload[session] === undefined ? null : requireName(payload[session], session),
    scopes: scopesOf(payload[scope]),
    endsAt: (Number(payload.exp) + (issuer.clockTolerance ?? defaultClockTolerance)) * 1_000,
  }
}

/** A tenant is believed only as the configuration of the issuer says. */
function tenantOf(payload: Readonly<Record<string, unknown>>, { tenant, issuer }: Issuer): string {
  if (typeof tenant === 'string') return tenant
  const value = payload[tenant.claim]
  const found = typeof value === 'string' && Object.hasOwn(tenant.tenants, value) ? tenant.tenants[value] : undefined
  if (found === undefined)
    throw new ExequaturError('EXQ-2014', `the claim ${tenant.claim} names no tenant that ${issuer} may speak for`)
  return found
}

function actsOf(outermost: unknown, { issuer }: Issuer): string[] {
  const acts: string[] = []
  for (let act = outermost; act !== undefined; act = act.act) {
    if (acts.length === longestChain)
      throw new ExequaturError('EXQ-2016', `the chain is longer than ${longestChain} actors`)
    const subject = isObject(act) ? name(act.sub) : null
    if (!isObject(act) || subject === null) throw new ExequaturError('EXQ-2016', 'an `act` claim names no actor')
    const by = act.iss === undefined ? issuer : name(act.iss)
    if (by === null || by.includes('#'))
      throw new ExequaturError('EXQ-2016', 'an `act` claim names no issuer of its actor')
    acts.push(accountKey(by, subject))
  }
  return acts
}

function scopesOf(value: unknown): string[] {
  if (typeof value === 'string') return value.split(' ').filter((scope) => scope !== '')
  return Array.isArray(value) ? value.filter((scope) => typeof scope === 'string') : []
}

function requireName(value: unknown, claim: string): string {
  const found = name(value)
  if (found === null) throw new ExequaturError('EXQ-2010', `the claim ${claim} is not a name`)
  return found
}

function name(value: unknown): string | null {
  return typeof value === 'string' && value !== '' && value.length <= longestName ? value : null
}
