import type { AttendedCall } from '../../domain/attention.js'
import type { Db } from '../pool.js'

/**
 * Steps of a tenant whose plan has halted so long ago, that called for a change, and of whose undoing nothing is recorded: it has
 * neither begun nor been left to people. Whether there is anything to undo is for the evidence to say.
 */
export async function silentUndos(db: Db, tenant: string, afterMs: number): Promise<AttendedCall[]> {
  const { rows } = await db.of(tenant).query<AttendedCall>({
    name: 'silent-undos',
    text: `
      select i.action_id, i.step, 'compensate' as phase, 0 as generation
      from halts h join actions a on a.tenant = h.tenant and a.id = h.action_id
        join intents i on i.tenant = h.tenant and i.action_id = h.action_id and i.phase = 'execute' and i.writes is not false
      where h.tenant = $1 and a.outcome is null and h.halted_at < now() - $2 * interval '1 millisecond'
        and not exists (select from intents u where (u.tenant, u.action_id, u.step, u.phase)
          = (i.tenant, i.action_id, i.step, 'compensate'))
        and not exists (select from attentions n where (n.tenant, n.action_id, n.step, n.phase)
          = (i.tenant, i.action_id, i.step, 'compensate'))
      group by i.action_id, i.step, h.halted_at
      order by h.halted_at, i.action_id, i.step limit 100`,
    values: [tenant, afterMs],
  })
  return rows
}
