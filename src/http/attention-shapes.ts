import { z } from 'zod'
import { attentionReasons, attentionStates, choices } from '../domain/attention.js'
import { risks } from '../domain/contract.js'
import { effects, outcomes } from '../domain/lifecycle.js'

const list = <Item extends z.ZodType>(item: Item) => z.array(item).readonly()
const object = z.record(z.string(), z.unknown())
const time = z.string().meta({ description: "ISO 8601, by the ledger's clock", format: 'date-time' })

const seen = { found: z.enum(effects), detail: z.string().nullable(), at: time }

const resolutionShape = z.object({
  choice: z.enum(choices),
  reason: z.string(),
  evidence: z.string().nullable(),
  output: object.nullable(),
  decided_by: z.string(),
  at: time,
})

export const attentionShape = z
  .object({
    id: z.string(),
    state: z.enum(attentionStates).meta({
      description:
        '`settled`: the real system was seen to answer meanwhile, or something newer about the same call is asked',
    }),
    reason: z.enum(attentionReasons),
    opened_at: time,
    age_seconds: z.int(),
    overdue: z.boolean().meta({ description: 'Older than the configuration lets it get in silence' }),
    action_id: z.string(),
    action_outcome: z.enum(outcomes).nullable(),
    agent: z.string(),
    on_behalf_of: z.string().nullable(),
    subject: z.string().nullable(),
    step: z.string(),
    phase: z.enum(['execute', 'compensate']),
    generation: z.int(),
    tool: z.string(),
    title: z.string(),
    risk: z.enum(risks),
    resource: z.string(),
    amount: z.object({ cents: z.int(), currency: z.string() }).nullable(),
    args: object,
    idempotency_key: z.string().nullable().meta({ description: 'What the call was sent under' }),
    effect: z.enum(effects).nullable().meta({ description: 'What all answers and findings come to' }),
    attempts: list(
      z.object({
        generation: z.int(),
        attempt: z.int(),
        at: time,
        claimed: z.enum(effects).nullable().meta({ description: 'What was answered; null for no answer' }),
        output: object.nullable(),
        error: z.object({ code: z.string(), detail: z.string() }).nullable(),
        late: z
          .object({ claimed: z.enum(effects), output: object.nullable(), at: time })
          .nullable()
          .meta({ description: 'What was answered when it was too late' }),
      }),
    ),
    observed: list(
      z.object({ ...seen, generation: z.int(), wanted: object.nullable(), shown: object.nullable() }),
    ).meta({ description: 'What the real system showed, with what had to be found and what was' }),
    looks: z
      .object({ count: z.int(), last: z.object(seen).nullable() })
      .meta({ description: 'All looks at the real system, with the newest of them' }),
    choices: list(
      z.object({ choice: z.enum(choices), does: z.string(), needs_evidence: z.boolean(), takes_output: z.boolean() }),
    ),
    groups: list(z.string()).meta({ description: 'Whose members decide' }),
    deciders: list(z.string()).meta({ description: 'Who may decide as things stand now; may be nobody' }),
    method_needed: z
      .enum(['any', 'key'])
      .meta({ description: "`key`: the decision has to be signed by the person's own key" }),
    resolve_by: z
      .object({ inbox: z.boolean() })
      .meta({ description: 'Which ways are strong enough without such a signature' }),
    state_digest: z.string().meta({ description: 'Of all that is known; a decision names it' }),
    your_resolution: z.object({
      may: z.boolean(),
      revision: z.int(),
      self_decided: z.boolean(),
    }),
    resolution: resolutionShape.nullable(),
  })
  .meta({ id: 'Attention', description: 'What a machine may not settle' })

export const attentionPageShape = z.object({
  items: list(attentionShape),
  next: z.string().nullable(),
  open: z.int().meta({ description: 'Of the whole tenant, whoever decides on it' }),
  oldest_seconds: z.int().nullable().meta({ description: 'How long the oldest of them has waited' }),
})

/** What an action shows of it. */
export const openAttentionShape = z.object({
  id: z.string(),
  step: z.string(),
  phase: z.enum(['execute', 'compensate']),
  reason: z.enum(attentionReasons),
  opened_at: time,
  age_seconds: z.int(),
})
