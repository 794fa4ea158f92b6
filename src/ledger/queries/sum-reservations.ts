import type { Measure, Scope, Used } from '../../domain/budget.js'
import type { Db } from '../pool.js'

/** What is to be added up: the calls of a scope in a stretch of time up to now. */
export interface Stretch {
  readonly scope: Scope
  readonly window_ms: number
  readonly tools: readonly string[] | null
  /** Money of this currency only; none where null. */
  readonly currency: string | null
}

/** SQL and values; the values come after those that are there. */
class Statement {
  readonly values: unknown[] = []
  put(value: unknown): string {
    this.values.push(value)
    return `$${this.values.length}`
  }
}

/** SQL: the rows of a stretch that count: what may have happened, and did not surely not. */
function counted(statement: Statement, tenant: string, { scope, window_ms, tools }: Stretch): string {
  const named = scope.filter(([dimension]) => dimension !== 'tenant')
  return [
    `r.tenant = ${tenant}`,
    ...named.map(([dimension, value]) => `r.${dimension} = ${statement.put(value)}`),
    ...(tools ? [`r.tool = any (${statement.put(tools)}::text[])`] : []),
    `r.settled_at > clock_timestamp() - ${statement.put(window_ms)}::bigint * interval '1 millisecond'`,
  ].join(' and ')
}

const most = Number.MAX_SAFE_INTEGER

/**
 * What is used in each stretch, reserved amounts included. Exact where the scopes are held; elsewhere as of now.
 */
export async function sumReservations(db: Db, tenant: string, stretches: readonly Stretch[]): Promise<Used[]> {
  if (stretches.length === 0) return []
  const statement = new Statement()
  const of = statement.put(tenant)
  const sums = stretches.map(
    (stretch, index) => `select ${index} as index, count(*)::int as calls, coalesce(sum(r.writes), 0)::int as writes,
        least(coalesce(sum(r.spend_cents) filter (where r.state <> 'undone' and r.currency = ${statement.put(stretch.currency)}::text), 0), ${most})::bigint as spend_cents
      from reservations r where ${counted(statement, of, stretch)}`,
  )
  const { rows } = await db
    .of(tenant)
    .query<Used & { index: number }>(`${sums.join(' union all ')} order by index`, statement.values)
  return rows.map(({ calls, writes, spend_cents }) => ({ calls, writes, spend_cents }))
}

/** What agents reported in a stretch: all of it, and what this action did. */
export interface Reported {
  readonly total: number
  readonly own: number
}

export async function sumReported(
  db: Db,
  tenant: string,
  action_id: string,
  stretches: readonly (Pick<Stretch, 'scope' | 'window_ms'> & { readonly of: Measure })[],
): Promise<Reported[]> {
  if (stretches.length === 0) return []
  const statement = new Statement()
  const given = statement.put(tenant)
  const action = statement.put(action_id)
  const sums = stretches.map(({ scope, window_ms, of }, index) => {
    const column = of === 'reported_tokens' ? 'tokens' : 'cost_cents'
    const named = scope
      .filter(([dimension]) => dimension !== 'tenant')
      .map(([dimension, value]) => ` and r.${dimension} = ${statement.put(value)}`)
    return `select ${index} as index, least(coalesce(sum(r.${column}), 0), ${most})::bigint as total,
        coalesce(sum(r.${column}) filter (where r.action_id = ${action}), 0)::bigint as own
      from reported_usage r where r.tenant = ${given}${named.join('')}
        and r.reported_at > clock_timestamp() - ${statement.put(window_ms)}::bigint * interval '1 millisecond'`
  })
  const { rows } = await db
    .of(tenant)
    .query<Reported & { index: number }>(`${sums.join(' union all ')} order by index`, statement.values)
  return rows.map(({ total, own }) => ({ total, own }))
}

/** When so much of a stretch is free again, if nothing else is reserved; null where that depends on what nobody knows. */
export async function roomAgain(
  db: Db,
  tenant: string,
  stretch: Stretch,
  of: 'calls' | 'writes' | 'spend_cents',
  needed: number,
): Promise<string | null> {
  const statement = new Statement()
  const given = statement.put(tenant)
  const amount =
    of === 'spend_cents'
      ? `case when r.state <> 'undone' and r.currency = ${statement.put(stretch.currency)}::text then r.spend_cents else 0 end`
      : { calls: '1', writes: 'r.writes' }[of]
  const where = counted(statement, given, stretch)
  const { rows } = await db.of(tenant).query<{ at: string }>(
    `select to_json(settled_at + ${statement.put(stretch.window_ms)}::bigint * interval '1 millisecond')#>>'{}' as at from (
       select r.settled_at, sum(${amount}) over (order by r.settled_at) as freed
       from reservations r where ${where} and r.settled_at < 'infinity') f
     where freed >= ${statement.put(needed)} order by settled_at limit 1`,
    statement.values,
  )
  return rows[0]?.at ?? null
}
