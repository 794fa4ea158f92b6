import type { Db } from '../pool.js'

type Of = { readonly tenant: string; readonly tool: string }

/** Which effect explains each of the keys, where one was listed before. */
export async function loadExplained(
  db: Db,
  { tenant, tool }: Of,
  keys: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  const { rows } = await db.of(tenant).query<{ key: string; effect_id: string }>({
    name: 'explained-effects',
    text: `
      select idempotency_key as key, effect_id from explained_effects
      where tenant = $1 and tool = $2 and idempotency_key = any ($3)`,
    values: [tenant, tool, keys],
  })
  return new Map(rows.map(({ key, effect_id }) => [key, effect_id]))
}

/** Keeps which effect explains a key; the first that was kept stays. */
export async function recordExplained(
  db: Db,
  { tenant, tool }: Of,
  explained: ReadonlyMap<string, string>,
): Promise<void> {
  if (explained.size === 0) return
  await db.of(tenant).query({
    name: 'record-explained',
    text: `
      insert into explained_effects (tenant, tool, idempotency_key, effect_id)
      select $1, $2, key, effect_id from unnest($3::text[], $4::text[]) as given (key, effect_id)
      on conflict do nothing`,
    values: [tenant, tool, [...explained.keys()], [...explained.values()]],
  })
}
