import type { ActionRef } from '../../domain/activities.js'
import type { Db } from '../pool.js'

/** Notes a run of an open action that has closed without ending it: its history is to be sealed too. */
export async function noteClosedRun(db: Db, ref: ActionRef, runId: string): Promise<void> {
  await db.of(ref.tenant).query({
    name: 'note-closed-run',
    text: `
      update actions set closed_runs = array_append(closed_runs, $3)
      where tenant = $1 and id = $2 and not $3 = any (closed_runs)`,
    values: [ref.tenant, ref.action_id, runId],
  })
}
