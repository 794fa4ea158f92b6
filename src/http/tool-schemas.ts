import { z } from 'zod'
import { answerMeanings, effectClasses, risks } from '../domain/contract.js'
import { readKinds } from '../domain/session.js'

const list = <Item extends z.ZodType>(item: Item) => z.array(item).readonly()
const object = z.record(z.string(), z.unknown())
const digest = z.string().meta({ description: '`sha256:` and 64 hex digits' })

const rowScopeShape = z.object({
  at: z.string(),
  field: z.string(),
  equals: z.union([z.string(), z.int(), z.boolean()]),
})
const scalar = z.union([z.string(), z.int(), z.boolean(), z.null()])
const promiseShape = z.object({
  class: z.enum(['read', 'idempotent-by-key', 'queryable', 'neither']),
  key_lifetime_ms: z.int().optional(),
  call_timeout_ms: z.int(),
  settling_ms: z.int().optional().meta({ description: 'How long a request without an answer may still be applied' }),
  read_after_write_ms: z.int().optional().meta({ description: 'How long an effect may not show to a look' }),
  answers: z.record(z.string(), z.enum(answerMeanings)).optional(),
})
const pointers = z.record(z.string(), z.string())

export const toolShape = z
  .object({
    name: z.string(),
    version: z.int(),
    title: z.string(),
    description: z.string(),
    summary: z.string().optional().meta({ description: 'One call in one line, with places for its values' }),
    shows: list(
      z.object({
        label: z.string(),
        before: z.string().optional(),
        after: z.string().optional(),
        currency: z.string().optional(),
      }),
    )
      .optional()
      .meta({ description: 'What people are shown as before and after' }),
    owner: z.string(),
    approvers: list(z.string()),
    risk: z.enum(risks),
    effect: z.enum(effectClasses),
    input: object.meta({ description: 'JSON Schema' }),
    output: object.meta({ description: 'JSON Schema' }),
    binding: list(z.enum(['ticket_id', 'user_id', 'incident_id'])),
    resource: z.object({ type: z.string(), id: z.string() }),
    spend: z.object({ amount_cents: z.string(), currency: z.string() }).optional(),
    observe: z.object({ tool: z.string(), args: pointers }).optional(),
    fill: pointers,
    late: list(z.string()),
    late_ranges: z
      .record(z.string(), z.object({ minimum: z.int().optional(), maximum: z.int().optional() }))
      .optional()
      .meta({ description: 'What an earlier step may give late fields without people being asked' }),
    preconditions: list(z.string()).optional().meta({ description: 'Looked at again right before the call' }),
    touches: z
      .object({ observed: z.string(), output: z.string().optional() })
      .optional()
      .meta({ description: 'Where the number of objects is that a call touches' }),
    downstream: promiseShape,
    undo: promiseShape.optional(),
    postcondition: z
      .record(z.string(), z.union([z.object({ equals: z.string() }), z.object({ one_of: list(scalar) })]))
      .optional()
      .meta({ description: 'What a look has to find, by JSON Pointer into `args`, `output` and `observed`' }),
    reads: list(z.enum(readKinds)).optional(),
    sends: z.literal('outside').optional(),
    views: z
      .record(z.string(), z.object({ fields: list(z.string()), rows: list(rowScopeShape).optional() }))
      .optional()
      .meta({ description: 'What each group sees of the output, by JSON Pointer' }),
    pool: z.string(),
    credentials: list(z.string()),
    digest,
    status: z.enum(['live', 'deprecated', 'withdrawn']),
    note: z.string().nullable(),
  })
  .meta({ id: 'Tool', description: 'A tool contract, as the registry knows it' })
