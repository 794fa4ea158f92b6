import type { IncomingMessage } from 'node:http'
import { type System, systems } from './books.js'
import type { Wish } from './world.js'

/** A request that is not what this downstream takes. */
export class Unreadable extends Error {}

const fields = ['subject', 'amount_cents', 'reference']

/** Reads a change strictly: a parameter that is not known is refused, not overlooked. */
export function readWish({ url = '/', method, headers }: IncomingMessage, body: string, received_at: number): Wish {
  const [, system, effects, of, undo, ...more] = new URL(url, 'http://downstream').pathname.split('/')
  const known = systems.find((name) => name === system)
  if (method !== 'POST' || !known || effects !== 'effects' || more.length > 0 || (of && undo !== 'undo'))
    throw new Unreadable('there is no such address')
  const given = JSON.parse(body) as Record<string, unknown>
  const extra = Object.keys(given).find((name) => !fields.includes(name))
  if (extra) throw new Unreadable(`${extra} is not known`)
  const { subject, amount_cents, reference = null } = given
  if (typeof subject !== 'string' || subject !== headers['x-subject']) throw new Unreadable('subject is missing')
  if (!Number.isInteger(amount_cents)) throw new Unreadable('amount_cents is missing')
  const key = headers['idempotency-key'] ?? null
  if (known === 'keyed' && key === null) throw new Unreadable('a key is missing')
  return {
    call: of ? 'undo' : 'effect',
    received_at,
    system: known as System,
    tenant: String(headers['x-tenant']),
    action: String(headers['x-action']),
    subject,
    amount: amount_cents as number,
    key: key === null ? null : String(key),
    reference: reference === null ? null : String(reference),
    of: of ?? null,
    pid: Number(headers['x-pid']),
  }
}
