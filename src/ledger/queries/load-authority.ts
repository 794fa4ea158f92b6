import type { Contract, ContractStatus } from '../../domain/contract.js'
import type { PrincipalKind, PrincipalState } from '../../domain/principal.js'
import type { Stop } from '../../domain/stop.js'
import type { Db } from '../pool.js'

export interface PrincipalRow {
  readonly principal: string
  readonly kind: PrincipalKind
  readonly state: PrincipalState
  /** The person who answers for it. */
  readonly owner: string | null
  /** A team to turn to; entitles nobody to anything. */
  readonly contact: string | null
  readonly environment: string | null
}

/** Which principal an identity of an issuer is, or was. */
export interface AccountRow {
  readonly issuer: string
  readonly subject: string
  readonly principal: string
  readonly state: 'live' | 'removed'
}

/** A policy set as it came into force. */
export interface PolicySetRow {
  readonly revision: number
  readonly digest: string
  /** Policy files by name. */
  readonly policies: Readonly<Record<string, string>>
  /** Of the change that led to it. */
  readonly author: string
  /** Who introduced or last altered each policy, by its id. */
  readonly authors: Readonly<Record<string, string>>
  readonly change_id: string | null
  readonly agreed_by: readonly string[]
  readonly activated_at: string
}

/** A person's live key, with the server's signature that it was registered. */
export interface KeyRow {
  readonly key_id: string
  readonly kind: 'ed25519' | 'passkey'
  readonly principal: string
  /** SPKI as base64url; Ed25519, but for passkeys. */
  readonly public_key: string
  /** Of a passkey: what its authenticator calls it, and the site and the page that it signs for. */
  readonly credential_id?: string | null
  readonly rp_id?: string | null
  readonly origin?: string | null
  readonly recorded_by: string
  readonly account: string
  readonly statement: string
  readonly signed_by: string
  readonly signature: string
  readonly recorded_at: string
}

/** All that authority in a tenant rests on, at one revision. */
export interface AuthorityRows {
  readonly revision: number
  readonly principals: readonly PrincipalRow[]
  readonly memberships: readonly { readonly name: string; readonly member: string }[]
  readonly credentials: readonly {
    readonly credential_id: string
    readonly principal: string
    readonly token_hash: string
  }[]
  /** Identities of issuers, those that were unlinked too: what is no longer known is not the same as never known. */
  readonly accounts: readonly AccountRow[]
  readonly stops: readonly Stop[]
  readonly keys: readonly KeyRow[]
  readonly contracts: readonly {
    readonly contract: Contract
    readonly digest: string
    readonly status: ContractStatus
    readonly note: string | null
  }[]
  readonly policy_set: PolicySetRow | null
}

const present = (table: string, key: string) =>
  `(select distinct on (${key}) * from ${table} where tenant = $1 order by ${key}, revision desc)`

/** Reads the present state of principals, groups, credentials, accounts, stops, contracts and policy in one snapshot. */
export async function loadAuthority(db: Db, tenant: string): Promise<AuthorityRows> {
  const { rows } = await db.of(tenant).query<AuthorityRows>({
    name: 'load-authority',
    text: `select
      coalesce((select value from counters where tenant = $1 and name = 'authority'), 0) as revision,
      coalesce((select json_agg(p) from ${present('principals', 'principal')} p), '[]') as principals,
      coalesce((select json_agg(g) from ${present('groups', 'name, member')} g where g.state = 'member'), '[]') as memberships,
      coalesce((select json_agg(c) from ${present('credentials', 'credential_id')} c where c.state = 'live'), '[]') as credentials,
      coalesce((select json_agg(a) from ${present('accounts', 'issuer, subject')} a), '[]') as accounts,
      coalesce((select json_agg(json_build_object('scope', scope, 'reason', reason, 'pending', pending, 'by', recorded_by, 'at', recorded_at))
        from (select distinct on (tenant, scope) * from stops where tenant in ($1, '*') order by tenant, scope, revision desc) s
        where s.state = 'stopped'), '[]') as stops,
      coalesce((select json_agg(k) from ${present('keys', 'key_id')} k where k.state = 'live'), '[]') as keys,
      coalesce((select json_agg(c order by c.tool, c.version) from ${present('contracts', 'tool, version')} c), '[]') as contracts,
      (select to_jsonb(p) from policy_sets p where tenant = $1 order by revision desc limit 1) as policy_set`,
    values: [tenant],
  })
  return rows[0] as AuthorityRows
}
