import type { Tool } from '../contract/tool.js'
import { ExequaturError } from '../domain/errors.js'
import type { Pool } from '../ledger/pool.js'
import { publishContract } from '../ledger/queries/publish-contract.js'

/** Puts the contracts of loaded tools into the registry of every tenant. Throws `EXQ-7002` if a version changed its content. */
export async function publishContracts(pool: Pool, tenants: readonly string[], tools: readonly Tool[]): Promise<void> {
  for (const { contract, digest, deprecated } of tools) {
    const status = deprecated === null ? 'live' : 'deprecated'
    for (const tenant of tenants) {
      const answer = await publishContract(pool, tenant, { contract, digest, status, note: deprecated })
      if (answer === 'conflict')
        throw new ExequaturError('EXQ-7002', `${contract.name} v${contract.version} in ${tenant}`)
    }
  }
}
