import type { Lease, LeaseRequest } from '../src/contract/credential-source.js'
import { isLeaseRefused, leaseRefused } from '../src/contract/lease-refused.js'
import type { Tool } from '../src/contract/tool.js'
import { secretAt } from '../src/credentials/secret-at.js'
import { type Secrets, secretsOf } from '../src/credentials/secrets.js'
import type { LeaseFact } from '../src/ledger/queries/record-leases.js'
import type { ExecutorDeps } from './call.js'
import { within } from './deadline.js'

/** Where the leases of one use of a tool belong, and what their sources are told. */
export interface LeaseFor {
  /** Names it to whoever runs the executor. */
  readonly about: object
  readonly purpose: LeaseFact['purpose']
  /** Records leases of it, or how they ended. */
  readonly record: (facts: readonly LeaseFact[]) => Promise<void>
  readonly request: Omit<LeaseRequest, 'credential'>
}

export interface Leased {
  readonly credentials: Readonly<Record<string, string>>
  readonly secrets: Secrets
  /** Ends what can be ended, in bounded time; never rejects. */
  readonly release: () => Promise<void>
}

interface Held {
  readonly name: string
  readonly source: string
  readonly lease_id: string
  readonly lease: Lease
}

const revokeWithinMs = 3_000

/**
 * Gets the credentials of a tool for one call. References are read; the leases of sources are recorded before this
 * resolves. Where one cannot be had, those that could are ended, and this rejects with a text that holds no secret.
 */
export async function lease(deps: ExecutorDeps, tool: Tool, of: LeaseFor): Promise<Leased> {
  const held: Held[] = []
  const release = () => releaseAll(deps, of, held.splice(0))
  const got = await Promise.allSettled(
    Object.entries(tool.credentials).map(async ([name, from]) => {
      if (typeof from === 'string') return [name, await secretAt(from)] as const
      const request = { ...of.request, credential: name }
      const holding = (given: Lease, lease_id = given.lease_id): Held => ({
        name,
        source: from.kind,
        lease_id,
        lease: given,
      })
      const given = await within(of.request.signal, from.lease(request), (late) =>
        late.status === 'fulfilled' ? releaseAll(deps, of, [holding(late.value)]) : undefined,
      )
      const unfit = unfitness(given)
      held.push(holding(given, unfit ? 'unfit' : given.lease_id))
      if (unfit) throw leaseRefused(unfit)
      return [name, given.secret] as const
    }),
  )
  const credentials = Object.fromEntries(got.flatMap((each) => (each.status === 'fulfilled' ? [each.value] : [])))
  const leased = held.flatMap(({ lease: { secret, hide = [] } }) => [secret, ...hide])
  const secrets = secretsOf([...Object.values(credentials), ...leased])
  const names = Object.keys(tool.credentials)
  const missing = got.findIndex(({ status }) => status === 'rejected')
  try {
    if (held.length > 0) await of.record(held.map(factOf(of, 'leased')))
    if (missing >= 0) throw (got[missing] as PromiseRejectedResult).reason
  } catch (error) {
    await release()
    const late = of.request.signal.aborted ? ' before the deadline of the call' : ''
    const reason = isLeaseRefused(error) ? `: ${error.message}` : ''
    throw leaseRefused(
      secrets.hide(`the credential ${names[missing] ?? names.join(', ')} cannot be had${late}${reason}`),
    )
  }
  return { credentials, secrets, release }
}

/** Why a lease is not used: there is nothing in it, or its id cannot be recorded or gives the secret away. */
function unfitness({ lease_id, secret, hide = [] }: Lease): string | null {
  if (typeof secret !== 'string' || secret === '') return 'the lease has no secret'
  const recordable = /^[\x20-\x7e]{1,200}$/.test(lease_id) && !secretsOf([secret, ...hide]).areIn(lease_id)
  return recordable ? null : 'the lease has no id that can be recorded'
}

async function releaseAll(deps: ExecutorDeps, of: LeaseFor, held: readonly Held[]): Promise<void> {
  const ended = await Promise.all(
    held.map(async (each) => {
      if (!each.lease.revoke) return []
      const signal = AbortSignal.timeout(revokeWithinMs)
      try {
        await within(signal, each.lease.revoke(signal))
        return [factOf(of, 'revoked')(each)]
      } catch {
        // The provider's text may hold the secret.
        deps.warn({ ...of.about, credential: each.name, lease_id: each.lease_id }, 'a credential could not be revoked')
        return [factOf(of, 'revoke-failed')(each)]
      }
    }),
  )
  if (ended.flat().length === 0) return
  await of.record(ended.flat()).catch(() => {
    deps.warn({ ...of.about }, 'it could not be recorded how credentials ended')
  })
}

const factOf =
  ({ purpose }: LeaseFor, state: LeaseFact['state']) =>
  ({ name, lease_id, source, lease }: Held): LeaseFact => ({
    name,
    lease_id,
    state,
    purpose,
    source,
    expires_at: lease.expires_at?.toISOString() ?? null,
  })
