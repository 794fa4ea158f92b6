import { z } from 'zod'
import { deliveryStates } from '../domain/delivery.js'

const time = z.string().meta({ description: "ISO 8601, by the ledger's clock", format: 'date-time' })

export const deliveryShape = z
  .object({
    id: z.string(),
    channel: z.string().meta({ description: '`slack` or `webhook`' }),
    to: z.string().meta({ description: 'A person, or an address of the channel; empty where it has one only' }),
    recipients: z.array(z.string()).readonly(),
    about: z.object({ kind: z.enum(['approval', 'attention']), id: z.string() }),
    action_id: z.string(),
    notice: z.enum(['asked', 'reminder', 'escalation', 'closed']),
    ordinal: z.int(),
    state: z.enum(deliveryStates).meta({
      description: '`moot`: it was no longer true when its turn came; `given-up`: it is not tried again by itself',
    }),
    tries: z.int(),
    queued_at: time,
    age_seconds: z.int(),
    next_at: time.nullable().meta({ description: 'When it is tried next; null where it is not' }),
    last_error: z.string().nullable().meta({ description: 'Why it did not arrive the last time' }),
  })
  .meta({ id: 'Delivery' })
