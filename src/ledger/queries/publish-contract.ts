import type { RegisteredContract } from '../../domain/contract.js'
import type { Db } from '../pool.js'

/**
 * Adds a contract, or the news that its status changed, to the registry. `conflict`: this version of the tool was
 * published with other content. A status that somebody ordered stands.
 */
export async function publishContract(
  db: Db,
  tenant: string,
  published: RegisteredContract,
): Promise<'published' | 'known' | 'conflict'> {
  const { contract, digest, status, note } = published
  const { rows } = await db.of(tenant).query<{
    digest: string
    status: string
    note: string | null
    revision: number
    recorded_by: string | null
  }>(
    'select digest, status, note, revision, recorded_by from contracts where tenant = $1 and tool = $2 and version = $3 order by revision desc limit 1',
    [tenant, contract.name, contract.version],
  )
  const last = rows[0]
  if (last && last.digest !== digest) return 'conflict'
  if (last && (last.recorded_by !== null || (last.status === status && last.note === note))) return 'known'
  const { rowCount } = await db.of(tenant).query(
    `insert into contracts (tenant, tool, version, revision, digest, contract, status, note)
     values ($1, $2, $3, $4, $5, $6, $7, $8) on conflict do nothing`,
    [
      tenant,
      contract.name,
      contract.version,
      (last?.revision ?? 0) + 1,
      digest,
      JSON.stringify(contract),
      status,
      note,
    ],
  )
  return rowCount === 1 ? 'published' : publishContract(db, tenant, published)
}
