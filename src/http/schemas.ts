import { z } from 'zod'
import { outcomes, stages } from '../domain/lifecycle.js'
import { openAttentionShape } from './attention-shapes.js'
import { reviewsShape } from './review-shapes.js'

/** What the API answers with, for its types and for /openapi.json. A `meta` id makes a component of its own. */
export const list = <Item extends z.ZodType>(item: Item) => z.array(item).readonly()
const object = z.record(z.string(), z.unknown())
export const time = z.string().meta({ description: "ISO 8601, by the ledger's clock", format: 'date-time' })
export const digest = z.string().meta({ description: '`sha256:` and 64 hex digits' })
export const requirements = z.record(z.string(), z.int()).meta({
  description:
    'Distinct people needed per group; `approvers` counts people, `groups` different groups, `strong` people who sign with a key of their own',
})

export const problemShape = z
  .object({
    type: z.string(),
    title: z.string(),
    status: z.int(),
    detail: z.string(),
    instance: z.string().meta({ description: 'Names this request in the server log' }),
    code: z.string().meta({ description: 'From the error table, as EXQ-1101' }),
    remedy: z.string().meta({ description: 'The exact next step' }),
    retryable: z.boolean(),
    errors: list(z.object({ pointer: z.string(), message: z.string() })),
  })
  .meta({ id: 'Problem', description: 'RFC 9457' })

const stepShape = z
  .object({
    id: z.string(),
    tool: z.string(),
    status: z.enum(['waiting', 'running', 'done', 'failed', 'undone', 'skipped']),
    effect: z.enum(['committed', 'not-committed', 'unknown', 'diverged']).nullable(),
    began_at: time.nullable(),
    settled_at: time.nullable(),
    output: object.nullable(),
    cut: z
      .object({ fields: list(z.string()), rows: z.record(z.string(), z.int()) })
      .nullable()
      .meta({ description: "What of the output the agent's groups do not see: fields, and rows by their list" }),
    error: z.object({ code: z.string(), detail: z.string() }).nullable(),
    looked: z
      .object({
        found: z.enum(['committed', 'not-committed', 'unknown', 'diverged']),
        claimed: object.nullable(),
        observed: object.nullable(),
        detail: z.string().nullable(),
        at: time,
      })
      .nullable()
      .meta({ description: 'What the real system last showed of it: what was claimed beside what was observed' }),
    looks: z.int().meta({ description: 'How often the real system was asked' }),
    links: z.object({ tool: z.string() }),
  })
  .meta({ id: 'Step' })

export const stopShape = z
  .object({
    scope: z.string().meta({ description: '`all`, `tenant`, `agent:<name>`, `owner:person:<name>` or `tool:<name>`' }),
    reason: z.string(),
    pending: z.enum(['wait', 'end']).meta({ description: 'What becomes of what it holds' }),
    by: z.string(),
    at: time,
  })
  .meta({ id: 'Stop', description: 'A stop in force' })

export const stopOrderedShape = z.object({
  tenant: z.string(),
  scope: z.string(),
  state: z.enum(['stopped', 'resumed']),
  pending: z.enum(['wait', 'end']),
  reason: z.string(),
  by: z.string(),
  acknowledged_at: time,
})

export const statusOrderedShape = z.object({
  tool: z.string(),
  tenant: z.string(),
  status: z.enum(['live', 'deprecated', 'withdrawn']),
  note: z.string(),
  by: z.string(),
  versions: list(z.int()).meta({ description: 'Those that changed' }),
  acknowledged_at: time,
})

const amendmentShape = z
  .object({
    step: z.string(),
    amended_by: z.string(),
    reason: z.string(),
    changes: list(
      z.object({
        pointer: z.string().meta({ description: 'JSON Pointer into the arguments of the step' }),
        before: z.unknown().optional(),
        after: z.unknown().optional(),
      }),
    ),
    at: time,
  })
  .meta({ id: 'Amendment', description: 'What a person changed after the agent asked' })

const movedShape = z
  .object({
    step: z.string(),
    changes: list(
      z.object({
        pointer: z.string().meta({ description: 'JSON Pointer into `/observed` or `/args`' }),
        before: z.unknown().optional(),
        after: z.unknown().optional(),
      }),
    ),
    at: time,
  })
  .meta({ id: 'Moved', description: 'What was another by the time of the call than when it was decided' })

const actionApprovalShape = z.object({
  id: z.string(),
  envelope_digest: digest,
  requirements,
  expires_at: time,
  votes: list(z.object({ approver: z.string(), vote: z.string(), reason: z.string(), at: time })),
})

export const actionShape = z
  .object({
    id: z.string(),
    request_id: z.string(),
    tenant: z.string(),
    actor: z.string(),
    on_behalf_of: z.string().nullable().meta({ description: 'The person it is made for, as the credential said' }),
    actors: list(z.string()).meta({ description: 'Whom the credential had come through before, nearest first' }),
    stage: z.enum(stages),
    outcome: z.enum(outcomes).nullable().meta({ description: 'null until it ends' }),
    explanation: z.string().nullable(),
    problem: z
      .object({
        code: z.string(),
        title: z.string(),
        detail: z.string(),
        remedy: z.string(),
        retryable: z.boolean(),
      })
      .nullable()
      .meta({ description: 'Why it did not succeed' }),
    admitted_at: time,
    ended_at: time.nullable(),
    request_digest: digest,
    decision: z
      .object({
        result: z.enum(['allow', 'deny', 'require-approval']),
        policy_ids: list(z.string()),
        policy_digest: digest,
        explanation: z.string(),
      })
      .nullable(),
    approval: actionApprovalShape.nullable(),
    amendments: list(amendmentShape),
    moved: list(movedShape).optional(),
    attention: list(openAttentionShape).meta({ description: 'What people have to decide on, as a machine may not' }),
    stopped: stopShape.nullable().meta({ description: 'What holds it back now' }),
    review: reviewsShape.nullable().meta({ description: 'Who looked it over, where it ran without people' }),
    steps: list(stepShape),
    workflow: z.object({ id: z.string(), run_id: z.string().nullable(), ui: z.string().nullable() }),
    joined: z
      .literal(true)
      .optional()
      .meta({ description: 'What was asked is the same as this one, which waits for people' }),
  })
  .meta({ id: 'Action' })

export const trailShape = z
  .object({
    action: actionShape,
    entries: list(z.object({ at: time, stage: z.string(), what: z.string(), facts: object })),
    sealed: list(
      z.object({
        seq: z.int(),
        run_id: z.string(),
        history_digest: digest,
        previous: z.string(),
        digest,
        at: time,
      }),
    ),
  })
  .meta({ id: 'Trail' })

export const readinessShape = z.object({
  ready: z.boolean(),
  checks: list(z.object({ name: z.string(), ok: z.boolean(), detail: z.string().optional() })),
})

/** One page of a listing. */
export const pageOf = <Item extends z.ZodType>(item: Item) =>
  z.object({
    items: list(item),
    next: z.string().nullable().meta({ description: 'Pass it as `cursor` for the next page; null at the end' }),
  })
