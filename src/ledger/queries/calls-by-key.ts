import type { KeyedCall } from '../../domain/shadow-effects.js'
import type { Db } from '../pool.js'

const same = (
  table: string,
) => `(${table}.tenant, ${table}.action_id, ${table}.step, ${table}.phase, ${table}.generation)
  = (i.tenant, i.action_id, i.step, i.phase, i.generation)`

/** The calls of a tenant that were sent under the given keys, with what is recorded of them until the given moment. */
export async function callsByKey(db: Db, tenant: string, keys: readonly string[], until: string): Promise<KeyedCall[]> {
  const { rows } = await db.of(tenant).query<KeyedCall>({
    name: 'calls-by-key',
    text: `
      select i.idempotency_key as key, i.action_id, i.step, i.phase, i.generation,
        exists (select from outcomes o where ${same('o')} and o.effect = 'committed')
          or exists (select from verifications v where ${same('v')} and v.found in ('committed', 'diverged')) as happened,
        exists (select from outcomes o where ${same('o')} and o.effect = 'not-committed' and o.recorded_at <= $3)
          or exists (select from verifications v where ${same('v')} and v.found = 'not-committed' and v.verified_at <= $3)
          or exists (select from resolutions r where ${same('r')} and r.choice = 'did-not-happen' and r.resolved_at <= $3) as denied,
        i.phase = 'execute' and exists (
          select from outcomes o where o.tenant = i.tenant and o.action_id = i.action_id and o.step = i.step
            and o.phase = 'compensate' and o.effect = 'committed' and o.recorded_at <= $3) as undone
      from intents i where i.tenant = $1 and i.idempotency_key = any ($2)`,
    values: [tenant, keys, until],
  })
  return rows
}

/** Of the given keys those that other tenants sent. */
export async function keysOfOthers(db: Db, tenant: string, keys: readonly string[]): Promise<ReadonlySet<string>> {
  const { rows } = await db.of(tenant).query<{ key: string }>({
    name: 'keys-of-others',
    text: `select key from keys_of_others($1, $2) as key`,
    values: [tenant, keys],
  })
  return new Set(rows.map(({ key }) => key))
}
