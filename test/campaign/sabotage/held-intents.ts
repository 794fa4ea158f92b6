import pg from 'pg'
import { until } from './until.js'

/** Nobody writes an intent meanwhile; whoever would waits, with all that was found out before. */
export interface HeldIntents {
  /** Resolves when so many statements wait, for this or for each other. */
  readonly waiting: (statements: number) => Promise<unknown>
  readonly release: () => Promise<void>
}

export async function holdIntents(databaseUrl: string): Promise<HeldIntents> {
  const [holder, onlooker] = [new pg.Client(databaseUrl), new pg.Client(databaseUrl)]
  await Promise.all([holder.connect(), onlooker.connect()])
  await holder.query('begin')
  await holder.query('lock table intents in share mode')
  return {
    waiting: (statements) =>
      until(`${statements} statements wait`, async () => {
        const { rows } = await onlooker.query<{ many: number }>(
          `select count(*)::int as many from pg_stat_activity where wait_event_type = 'Lock'`,
        )
        return (rows[0]?.many ?? 0) >= statements || null
      }),
    release: async () => {
      await holder.query('rollback')
      await Promise.all([holder.end(), onlooker.end()])
    },
  }
}
