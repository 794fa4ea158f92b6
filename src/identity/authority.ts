import type { Contract, RegisteredContract } from '../domain/contract.js'
import { ExequaturError } from '../domain/errors.js'
import type { Stop } from '../domain/stop.js'
import type { Pool } from '../ledger/pool.js'
import {
  type AccountRow,
  type AuthorityRows,
  type KeyRow,
  loadAuthority,
  type PolicySetRow,
  type PrincipalRow,
} from '../ledger/queries/load-authority.js'
import { readRevision } from '../ledger/queries/read-revision.js'
import { createPolicyEngine, type PolicyEngine } from '../policy/policy-engine.js'
import { type PolicySet, parsePolicySet } from '../policy/policy-set.js'
import { accountKey } from './account-key.js'

/** All that authority in a tenant rests on, at one revision. Never changed; a change makes a new revision. */
export interface Authority {
  readonly tenant: string
  readonly revision: number
  readonly principal: (id: string) => PrincipalRow | undefined
  readonly principals: readonly PrincipalRow[]
  readonly groupsOf: (id: string) => readonly string[]
  readonly membersOf: (group: string) => readonly string[]
  /** The live principal behind a token hash. */
  readonly holderOf: (tokenHash: string) => PrincipalRow | undefined
  /** The credential a token hash belongs to, whoever holds it. */
  readonly credentialBy: (tokenHash: string) => AuthorityRows['credentials'][number] | undefined
  /** What an identity of an issuer, by its {@link accountKey}, is linked to, or was; undefined for one that never was. */
  readonly accountBy: (key: string) => AccountRow | undefined
  readonly accountsOf: (id: string) => readonly AccountRow[]
  readonly credentialsOf: (id: string) => AuthorityRows['credentials']
  /** Does this account, `token:<credential id>` or an {@link accountKey}, still let this principal in? */
  readonly isWayIn: (account: string, id: string) => boolean
  /** A live key that a person registered. */
  readonly keyOf: (keyId: string) => KeyRow | undefined
  readonly keysOf: (id: string) => readonly KeyRow[]
  readonly stops: readonly Stop[]
  readonly contracts: readonly RegisteredContract[]
  readonly contractByDigest: (digest: string) => RegisteredContract | undefined
  /** One version of a tool, or the newest that is not withdrawn. */
  readonly contractOf: (tool: string, version?: number) => RegisteredContract | undefined
  readonly policyDigest: string
  /** The policy set in force; null before the first. */
  readonly policySet: PolicySetRow | null
  /** Who introduced or last altered a policy of the set in force; null if the set has none of that id. */
  readonly authorOf: (policyId: string) => string | null
  /** The policy in force, prepared for the versions of a tool, and of what it observes, that are asked about. Throws `EXQ-3002`. */
  readonly engineFor: (contract: RegisteredContract, observed?: RegisteredContract) => PolicyEngine
}

/** Gives the authority of a tenant, reading it again only when its revision moved. */
export interface Authorities {
  /** The present one; null for a tenant nobody set up. */
  readonly current: (tenant: string) => Promise<Authority | null>
  /** The one at `revision`, or a later one. */
  readonly at: (tenant: string, revision: number) => Promise<Authority>
  /** The one known last, however old; for answers that the ledger guards. */
  readonly known: (tenant: string) => Promise<Authority | null>
}

export function createAuthorities(pool: Pool, groups: readonly string[]): Authorities {
  const cache = new Map<string, Authority>()
  const load = async (tenant: string): Promise<Authority> => {
    const authority = build(tenant, await loadAuthority(pool, tenant), groups)
    const newest = cache.get(tenant)
    if (!newest || newest.revision < authority.revision) cache.set(tenant, authority)
    return authority
  }
  const at = async (tenant: string, revision: number) => {
    const known = cache.get(tenant)
    return known && known.revision >= revision ? known : load(tenant)
  }
  const current = async (tenant: string) => {
    const revision = await readRevision(pool, tenant)
    return revision === null ? null : at(tenant, revision)
  }
  return { at, current, known: async (tenant) => cache.get(tenant) ?? current(tenant) }
}

function build(tenant: string, rows: AuthorityRows, groups: readonly string[]): Authority {
  const principals = new Map(rows.principals.map((row) => [row.principal, row]))
  const memberships = groupByMember(rows.memberships)
  const credentials = new Map(rows.credentials.map((row) => [row.token_hash, row]))
  const accounts = new Map(rows.accounts.map((row) => [accountKey(row.issuer, row.subject), row]))
  const waysIn = new Map([
    ...rows.credentials.map((row) => [`token:${row.credential_id}`, row.principal] as const),
    ...[...accounts].flatMap(([key, { state, principal }]) => (state === 'live' ? [[key, principal] as const] : [])),
  ])
  const keys = new Map(rows.keys.map((row) => [row.key_id, row]))
  const byDigest = new Map(rows.contracts.map((row) => [row.digest, row]))
  const newest = (tool: string) =>
    rows.contracts.filter(({ contract, status }) => contract.name === tool && status !== 'withdrawn').at(-1)
  return {
    tenant,
    revision: rows.revision,
    principal: (id) => principals.get(id),
    principals: rows.principals,
    membersOf: (group) => rows.memberships.filter(({ name }) => name === group).map(({ member }) => member),
    groupsOf: (id) => (memberships.get(id) ?? []).map(({ name }) => name),
    holderOf: (hash) => {
      const holder = principals.get(credentials.get(hash)?.principal ?? '')
      return holder?.state === 'live' ? holder : undefined
    },
    credentialBy: (hash) => credentials.get(hash),
    accountBy: (key) => accounts.get(key),
    accountsOf: (id) => rows.accounts.filter(({ principal, state }) => principal === id && state === 'live'),
    credentialsOf: (id) => rows.credentials.filter(({ principal }) => principal === id),
    isWayIn: (account, id) => waysIn.get(account) === id,
    keyOf: (keyId) => keys.get(keyId),
    keysOf: (id) => rows.keys.filter(({ principal }) => principal === id),
    stops: rows.stops,
    contracts: rows.contracts,
    contractByDigest: (digest) => byDigest.get(digest),
    contractOf: (tool, version) =>
      version === undefined
        ? newest(tool)
        : rows.contracts.find(({ contract }) => contract.name === tool && contract.version === version),
    policyDigest: rows.policy_set?.digest ?? '',
    policySet: rows.policy_set,
    authorOf: (policyId) => authorIn(rows.policy_set, policyId),
    engineFor: enginesOf(tenant, parseOnce(rows.policy_set), rows.contracts, groups),
  }
}

/** The same authority with other policies, as if they were in force. Throws `EXQ-3002` where they are no policies. */
export function underPolicies(authority: Authority, set: PolicySet, groups: readonly string[]): Authority {
  return {
    ...authority,
    policyDigest: set.digest,
    engineFor: enginesOf(authority.tenant, () => set, authority.contracts, groups),
  }
}

function enginesOf(
  tenant: string,
  policies: () => PolicySet | undefined,
  contracts: readonly RegisteredContract[],
  groups: readonly string[],
): Authority['engineFor'] {
  const engines = new Map<string, PolicyEngine>()
  return (registered, observed) => {
    const set = policies()
    if (!set) throw new ExequaturError('EXQ-3002', `no policy set is in force in ${tenant}`)
    const pinned = [registered, ...(observed ? [observed] : [])]
    const key = pinned.map(({ digest }) => digest).join()
    let engine = engines.get(key)
    if (!engine) {
      const byName = new Map(newestContracts(contracts).map((contract) => [contract.name, contract]))
      for (const { contract } of pinned) byName.set(contract.name, contract)
      engine = createPolicyEngine(set, [...byName.values()], groups)
      engines.set(key, engine)
    }
    return engine
  }
}

/** Parsed when it is needed, then kept. */
function parseOnce(row: PolicySetRow | null): () => PolicySet | undefined {
  let set: PolicySet | undefined
  return () => {
    if (row) set ??= parsePolicySet(row.policies)
    return set
  }
}

function authorIn(set: PolicySetRow | null, policyId: string): string | null {
  return set && Object.hasOwn(set.authors, policyId) ? (set.authors[policyId] ?? null) : null
}

/** The newest version of each tool that is not withdrawn; where all are, the newest: policies may still name it. */
export function newestContracts(contracts: readonly RegisteredContract[]): Contract[] {
  const byName = new Map(contracts.map(({ contract }) => [contract.name, contract]))
  for (const { contract, status } of contracts) if (status !== 'withdrawn') byName.set(contract.name, contract)
  return [...byName.values()]
}

function groupByMember(rows: AuthorityRows['memberships']): Map<string, { name: string; member: string }[]> {
  const grouped = new Map<string, { name: string; member: string }[]>()
  for (const row of rows) grouped.set(row.member, [...(grouped.get(row.member) ?? []), row])
  return grouped
}
