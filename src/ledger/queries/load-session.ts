import type { SessionFacts } from '../../domain/session.js'
import type { Db } from '../pool.js'
import { callsBefore, readBefore, type SessionColumns } from '../session-history.js'

const columns: SessionColumns = {
  tenant: '$1::text',
  agents: 'array[$2::text]',
  session: '$3::text',
  windowMs: '$4::bigint',
}

/** What an agent did and read by now: in a session, or in the last `windowMs` where none is named. */
export async function loadSession(
  db: Db,
  tenant: string,
  of: { readonly agent: string; readonly session: string | null; readonly windowMs: number },
): Promise<SessionFacts> {
  const { rows } = await db.of(tenant).query<SessionFacts>(
    `select ${callsBefore(columns)} as calls, ${readBefore('untrusted', columns)} as read_untrusted,
       ${readBefore('sensitive', columns)} as read_sensitive`,
    [tenant, of.agent, of.session, of.windowMs],
  )
  return rows[0] as SessionFacts
}
