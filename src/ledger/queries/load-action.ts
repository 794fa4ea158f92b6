import type { ActionRef } from '../../domain/activities.js'
import { type ActionRecord, actionColumns } from '../action-record.js'
import type { Db } from '../pool.js'
import { callsBefore, readBefore, type SessionColumns } from '../session-history.js'

// The downstreams whose calls may have to wait: those at rest need no second question.
const atWork = `
  (select jsonb_object_agg(d.downstream, d.standing) from downstreams d where d.tenant = a.tenant and not d.at_rest) as downstreams`

/** One action with all its facts; null if there is none. */
export async function loadAction(db: Db, ref: ActionRef): Promise<ActionRecord | null> {
  const { rows } = await db.of(ref.tenant).query<ActionRecord>({
    name: 'load-action',
    text: `select ${actionColumns}, ${atWork} from actions a where a.tenant = $1 and a.id = $2`,
    values: [ref.tenant, ref.action_id],
  })
  return rows[0] ?? null
}

const columns: SessionColumns = {
  tenant: 'a.tenant',
  agents: 's.agents',
  session: 's.id',
  windowMs: '$3::bigint',
}

/** The same, with what its agent did and read before, in the session that the request names or the last `windowMs`. */
export async function loadActionInSession(db: Db, ref: ActionRef, windowMs: number): Promise<ActionRecord | null> {
  const { rows } = await db.of(ref.tenant).query<ActionRecord>({
    name: 'load-action-in-session',
    text: `select ${actionColumns}, ${atWork},
        jsonb_build_object('calls', ${callsBefore(columns)}, 'read_untrusted', ${readBefore('untrusted', columns)},
          'read_sensitive', ${readBefore('sensitive', columns)}) as session
      from actions a
        cross join lateral (select a.request::jsonb as request offset 0) r
        cross join lateral (
          select r.request->>'session' as id,
            array_append(array(select jsonb_array_elements_text(r.request->'actors')), a.agent) as agents offset 0) s
      where a.tenant = $1 and a.id = $2`,
    values: [ref.tenant, ref.action_id, windowMs],
  })
  return rows[0] ?? null
}
