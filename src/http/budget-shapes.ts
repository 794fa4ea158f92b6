import { z } from 'zod'
import { dimensions, measures } from '../domain/budget.js'

const time = z.string().meta({ description: "ISO 8601, by the ledger's clock", format: 'date-time' })
const scope = z
  .partialRecord(z.enum(dimensions), z.string())
  .meta({ description: 'What it is counted per: `{"owner": "person:ann"}`' })

const budgetShape = z
  .object({
    budget: z.string(),
    of: z.enum(measures),
    scope,
    currency: z.string().nullable(),
    tools: z.array(z.string()).readonly().nullable().meta({ description: 'Which calls count; null for all' }),
    limit: z.int(),
    window_ms: z.int(),
    used: z.int().meta({ description: 'In the window up to now, reserved amounts included' }),
    reserved: z.int().meta({ description: 'Of that, by calls that are not settled yet' }),
    unknown: z.int().meta({ description: 'Of that, by calls that got no definite answer' }),
    standing: z.enum(['room', 'near', 'used-up']).meta({ description: '`near`: from 80 % on' }),
    next_room_at: time.nullable().meta({ description: 'When the first of it comes back; null where nobody knows' }),
  })
  .meta({ id: 'Budget' })

const eventShape = z
  .object({
    kind: z.enum(['near', 'reached', 'loop']),
    budget: z.string(),
    scope,
    used: z.int(),
    amount: z.int(),
    most: z.int(),
    window_ms: z.int(),
    action_id: z.string(),
    step: z.string(),
    round: z.int(),
    agent: z.string(),
    tool: z.string(),
    happened_at: time,
  })
  .meta({ id: 'BudgetEvent', description: 'A call that came near a limit, or met one' })

export const budgetsShape = z.object({
  items: z.array(budgetShape).readonly(),
  events: z.array(eventShape).readonly().meta({ description: 'The newest 20, newest first' }),
})
