import type { ActionRef } from '../../domain/activities.js'
import type { Outcome } from '../../domain/lifecycle.js'
import type { Db } from '../pool.js'

interface Ending {
  readonly outcome: Outcome
  readonly explanation: string
  readonly run_id: string
  /** How many intents it was judged by; left out where it holds whatever was intended. */
  readonly intents?: number
}

/**
 * Records how an action ended, once, and in which run; returns the outcome that stands, after a reset too. Null if none
 * does: it was to succeed, but had been cancelled before; or it has other intents than it was judged by.
 */
export async function closeAction(db: Db, ref: ActionRef, ending: Ending): Promise<Outcome | null> {
  // Where another ending is committed meanwhile, this statement's snapshot sees neither: a second look does.
  return (await tryToClose(db, ref, ending)) ?? tryToClose(db, ref, ending)
}

async function tryToClose(db: Db, ref: ActionRef, ending: Ending): Promise<Outcome | null> {
  const { rows } = await db.of(ref.tenant).query<{ outcome: Outcome }>({
    name: 'close-action',
    text: `with closed as (
       update actions set stage = 'trail', outcome = $3, explanation = $4, run_id = $5, ended_at = now(),
         closed_runs = case when $5 = any (closed_runs) then closed_runs else array_append(closed_runs, $5) end
       where tenant = $1 and id = $2 and outcome is null and ($6::int is null or intents_of(tenant, id) = $6) returning outcome),
     rerun as (
       update actions set run_id = $5, closed_runs = array_append(closed_runs, $5)
       where tenant = $1 and id = $2 and outcome is not null and not $5 = any (closed_runs))
     select outcome from closed
     union all
     select outcome from actions where tenant = $1 and id = $2 and outcome is not null
     limit 1`,
    values: [ref.tenant, ref.action_id, ending.outcome, ending.explanation, ending.run_id, ending.intents ?? null],
  })
  return rows[0]?.outcome ?? null
}
