import { type Schedule, standsFor } from '../domain/escalation.js'
import type { EnvelopeRow } from '../ledger/action-record.js'
import type { Admitted } from './admitted.js'
import { envelopeIn } from './sealed-envelope.js'

/** An envelope's times, and the ledger's clock at the moment its row was read, in milliseconds. */
export function scheduleOf(
  row: Pick<EnvelopeRow, 'envelope' | 'expires_at' | 'left_ms'>,
): Schedule & { nowMs: number } {
  const { remind_at, reminders, escalations } = envelopeIn(row)
  const nowMs = Date.parse(row.expires_at) - row.left_ms
  return {
    ...(remind_at && { remind_at }),
    ...(reminders && { reminders }),
    ...(escalations && { escalations }),
    nowMs,
  }
}

/** The groups a person may stand for in one approval now: their own, and those that silence handed on to them. */
export function groupsFor(
  { authority }: Pick<Admitted, 'authority'>,
  row: Pick<EnvelopeRow, 'envelope' | 'expires_at' | 'left_ms'>,
  person: string,
): readonly string[] {
  const { escalations = [], nowMs } = scheduleOf(row)
  return standsFor(authority.groupsOf(person), escalations, nowMs)
}
