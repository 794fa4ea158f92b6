import type { Lease, LeaseRequest } from '../contract/credential-source.js'
import type { Tool } from '../contract/tool.js'
import type { World } from '../contract/tool-checks.js'
import { secretAt } from '../credentials/secret-at.js'
import { ExequaturError } from '../domain/errors.js'

/** The credentials of one call, what else must not be seen, and their end. */
export interface Given {
  readonly credentials: Readonly<Record<string, string>>
  readonly secrets: readonly string[]
  readonly release: () => Promise<void>
}

/**
 * What a tool is given for one call: what the world names, else what the tool declares. A reference to the environment
 * counts only where the world sets it: a check never takes a credential that somebody happens to have. Throws `EXQ-7011`.
 */
export async function give(
  tool: Tool,
  world: World,
  request: Omit<LeaseRequest, 'tool' | 'credential'>,
): Promise<Given> {
  const credentials: Record<string, string> = {}
  const leases: Lease[] = []
  for (const [name, from] of Object.entries(tool.credentials)) {
    const own = world.credentials?.[name]
    if (own !== undefined) credentials[name] = own
    else if (typeof from === 'string') credentials[name] = await secretAt(from)
    else {
      const lease = await from.lease({ ...request, tool: tool.contract.name, credential: name })
      leases.push(lease)
      credentials[name] = lease.secret
    }
  }
  return {
    credentials,
    secrets: [...Object.values(credentials), ...leases.flatMap(({ hide = [] }) => hide)],
    release: async () => {
      for (const lease of leases) await lease.revoke?.(AbortSignal.timeout(3_000))
    },
  }
}

/** Throws `EXQ-7011` for credentials that the world does not say where to get. */
export function requireCredentials(tool: Tool, world: World): void {
  const missing = Object.entries(tool.credentials).filter(
    ([name, from]) =>
      world.credentials?.[name] === undefined &&
      typeof from === 'string' &&
      from.startsWith('env:') &&
      world.env?.[from.slice('env:'.length)] === undefined,
  )
  if (missing.length === 0) return
  const named = missing.map(([name, from]) => `${name} (${String(from)})`).join(', ')
  throw new ExequaturError('EXQ-7011', `${tool.contract.name}: the world gives no ${named}, in env or in credentials`)
}
