import type { Budget, Dimension } from '../../domain/budget.js'
import { isReported } from '../../domain/budget.js'
import type { Db } from '../pool.js'

/** What is used of one budget in one scope. */
export interface BudgetUse {
  /** The values of the budget's dimensions, in their order. */
  readonly scope: readonly string[]
  readonly currency: string | null
  /** Reserved amounts included. */
  readonly used: number
  /** Of what is not settled yet. */
  readonly reserved: number
  /** Of calls that got no definite answer. */
  readonly unknown: number
  /** When the first of it comes back; null where nobody knows. */
  readonly next_room_at: string | null
}

const longest = 500

/** The scopes in which something of a budget is used, most used first; `agent`: only those of this agent. */
export async function listBudgetUse(
  db: Db,
  tenant: string,
  { per, of, window_ms, tools }: Budget,
  dimensions: readonly Dimension[],
  agent: string | null,
): Promise<BudgetUse[]> {
  const named = dimensions.filter((dimension) => per.includes(dimension)).map((dimension) => `r.${dimension}`)
  const back = `$2::bigint * interval '1 millisecond'`
  const mine = `r.tenant = $1 and ($3::text is null or r.agent = $3)`
  if (isReported(of)) {
    const { rows } = await db.of(tenant).query<BudgetUse>(
      `select array[${named.join()}] as scope, null as currency, least(sum(${of === 'reported_tokens' ? 'tokens' : 'cost_cents'}), 9007199254740991)::bigint as used,
         0 as reserved, 0 as unknown, to_json(min(r.reported_at) + ${back})#>>'{}' as next_room_at
       from reported_usage r where ${mine} and r.reported_at > now() - ${back}
       group by ${named.join()} order by used desc limit ${longest}`,
      [tenant, window_ms, agent],
    )
    return rows
  }
  const amount = {
    calls: '1',
    writes: 'r.writes',
    spend_cents: `case r.state when 'undone' then 0 else r.spend_cents end`,
  }[of]
  const currency = of === 'spend_cents' ? 'r.currency' : 'null::text'
  const { rows } = await db.of(tenant).query<BudgetUse>(
    `select scope, currency, used, reserved, unknown, to_json(first + ${back})#>>'{}' as next_room_at from (
       select array[${named.join()}] as scope, ${currency} as currency, least(sum(${amount}), 9007199254740991)::bigint as used,
         coalesce(sum(${amount}) filter (where r.state = 'open'), 0)::bigint as reserved,
         coalesce(sum(${amount}) filter (where r.state = 'open' and exists (select from outcomes o
           where (o.tenant, o.action_id, o.step, o.phase, o.generation) = (r.tenant, r.action_id, r.step, 'execute', r.generation)
             and o.effect = 'unknown')), 0)::bigint as unknown,
         min(r.settled_at) filter (where r.settled_at < 'infinity') as first
       from reservations r
       where ${mine} and r.settled_at > now() - ${back} and ($4::text[] is null or r.tool = any ($4))
       group by ${[...named, ...(of === 'spend_cents' ? ['r.currency'] : [])].join()}) u
     where used > 0 order by used desc limit ${longest}`,
    [tenant, window_ms, agent, tools],
  )
  return rows
}
