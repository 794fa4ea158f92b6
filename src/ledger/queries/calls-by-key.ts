import type { KeyedCall } from '../../domain/shadow-effects.js'
import type { Db } from '../pool.js'

const same = (
  table: string,
  call = 'i',
) => `(${table}.tenant, ${table}.action_id, ${table}.step, ${table}.phase, ${table}.generation)
  = (${call}.tenant, ${call}.action_id, ${call}.step, ${call}.phase, ${call}.generation)`

const undoes = (table: string) =>
  `(${table}.tenant, ${table}.action_id, ${table}.step, ${table}.phase) = (i.tenant, i.action_id, i.step, 'compensate')`

/**
 * The calls of a tenant that were sent under the given keys, with what is recorded of them until the given moment. What
 * people had made anew is denied, whatever its answer said. Undone is what was seen, or said, to be; and what was answered
 * so, as long as nobody has denied it.
 */
export async function callsByKey(db: Db, tenant: string, keys: readonly string[], until: string): Promise<KeyedCall[]> {
  const { rows } = await db.of(tenant).query<KeyedCall>({
    name: 'calls-by-key',
    text: `
      select i.idempotency_key as key, i.action_id, i.step, i.phase, i.generation,
        (not anew.made and exists (select from outcomes o where ${same('o')} and o.effect = 'committed'))
          or exists (select from verifications v where ${same('v')} and v.found in ('committed', 'diverged')) as happened,
        anew.made
          or exists (select from outcomes o where ${same('o')} and o.effect = 'not-committed' and o.recorded_at <= $3)
          or exists (select from verifications v where ${same('v')} and v.found = 'not-committed' and v.verified_at <= $3)
          or exists (select from resolutions r where ${same('r')} and r.choice = 'did-not-happen' and r.resolved_at <= $3) as denied,
        i.phase = 'execute' and (coalesce(undoing.said, '') = 'happened'
          or exists (select from verifications v where ${undoes('v')} and v.found = 'committed' and v.verified_at <= $3)
          or undoing.said is null and exists (
            select from outcomes o where ${undoes('o')} and o.effect = 'committed' and o.recorded_at <= $3
              and not exists (select from verifications v where ${same('v', 'o')} and v.found <> 'committed'))) as undone
      from intents i
        cross join lateral (select exists (select from intents n where (n.tenant, n.action_id, n.step, n.phase)
          = (i.tenant, i.action_id, i.step, i.phase) and i.phase <> 'observe' and n.generation > i.generation
          and n.intended_at <= $3) as made) anew
        cross join lateral (select (select r.choice from resolutions r where ${undoes('r')} and r.resolved_at <= $3
          order by r.resolved_at desc, r.revision desc limit 1) as said) undoing
      where i.tenant = $1 and i.idempotency_key = any ($2)`,
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
