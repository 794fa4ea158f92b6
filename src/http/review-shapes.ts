import { z } from 'zod'
import { effects, outcomes } from '../domain/lifecycle.js'
import { verdicts } from '../domain/review.js'

const list = <Item extends z.ZodType>(item: Item) => z.array(item).readonly()
const time = z.string().meta({ description: "ISO 8601, by the ledger's clock", format: 'date-time' })

/** Who looked over what ran without people. */
export const reviewsShape = z.object({
  standing: z.enum(['due', ...verdicts]),
  said: list(z.object({ reviewer: z.string(), verdict: z.enum(verdicts), reason: z.string().nullable(), at: time })),
})

/** What an action changed, for those who look it over. */
export const changesShape = z
  .object({
    action_id: z.string(),
    agent: z.string(),
    on_behalf_of: z.string().nullable(),
    subject: z.string().nullable(),
    outcome: z.enum(outcomes).nullable(),
    ended_at: time.nullable(),
    changes: list(
      z.object({
        step: z.string(),
        tool: z.string(),
        title: z.string(),
        resource: z.string(),
        args: z.record(z.string(), z.unknown()),
        effect: z.enum(effects).nullable(),
        undone: z.boolean(),
      }),
    ),
    review: reviewsShape.nullable(),
  })
  .meta({ id: 'Changes', description: 'What an action that ran without people changed' })
