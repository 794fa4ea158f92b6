import { z } from 'zod'
import { shadowKinds } from '../domain/shadow-effects.js'

const time = z.string().meta({ description: "ISO 8601, by the ledger's clock", format: 'date-time' })
const list = <Item extends z.ZodType>(item: Item) => z.array(item).readonly()

export const reconciliationShape = z.object({
  workflows: z
    .object({
      run_id: z.string().meta({ description: 'The run of the schedule, or `server`' }),
      began_at: time,
      looked_at: time,
      ended_at: time.nullable(),
      looked: z.int(),
      resumed: z.int(),
      started: z.int(),
    })
    .nullable()
    .meta({ description: 'The last comparison of open actions with running workflows' }),
  resumptions: list(
    z.object({
      action_id: z.string(),
      found: z.string().meta({ description: 'How its workflow was found, as `terminated`' }),
      run_id: z.string(),
      resumed_at: time,
    }),
  ).meta({ description: 'Actions that were taken up, newest first' }),
  effects: list(
    z.object({
      tool: z.string(),
      looked_at: time,
      since: time,
      until: time,
      listed: z.int().nullable(),
      shadows: z.int().nullable(),
      problem: z.string().nullable(),
    }),
  ).meta({ description: 'The last look at the effects of each tool that lists them' }),
})

export const shadowShape = z
  .object({
    id: z.string(),
    tool: z.string(),
    kind: z.enum(shadowKinds).meta({
      description:
        '`unexplained`: no action sent its key; `repeated`: another effect has it; `contradicts`: the ledger says it is not there',
    }),
    effect_id: z.string().meta({ description: 'What the downstream calls it' }),
    idempotency_key: z.string().nullable(),
    happened_at: time.nullable(),
    summary: z.string(),
    action_id: z.string().nullable(),
    step: z.string().nullable(),
    found_at: time,
    acknowledged: z.object({ by: z.string(), reason: z.string(), at: time }).nullable(),
  })
  .meta({ id: 'ShadowEffect' })
