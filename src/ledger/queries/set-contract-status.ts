import type { ContractStatus } from '../../domain/contract.js'
import type { Db } from '../pool.js'

export interface StatusOrder {
  readonly tenant: string
  readonly tool: string
  /** All versions, if left out. */
  readonly version: number | null
  readonly status: ContractStatus
  readonly note: string
  readonly by: string
  /** The authority that entitles whoever orders it; null for an operator. */
  readonly authority_revision: number | null
}

/** Gives versions of a tool another status; resolves to those that changed, null if the authority is another one by now. */
export async function setContractStatus(db: Db, order: StatusOrder): Promise<number[] | null> {
  const { rows } = await db.of(order.tenant).query<{ held: boolean; versions: number[] }>(
    `with held as materialized (select $7::bigint is null or claim_authority($1, $7) as ok)
     select ok as held,
       case when ok then array(select set_contract_status($1, $2, $3, $4, $5, $6)) else '{}' end as versions
     from held`,
    [order.tenant, order.tool, order.version, order.status, order.note, order.by, order.authority_revision],
  )
  return rows[0]?.held ? [...rows[0].versions].sort((a, b) => a - b) : null
}
