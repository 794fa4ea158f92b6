import { z } from 'zod'

const list = <Item extends z.ZodType>(item: Item) => z.array(item).readonly()
const time = z.string().meta({ description: "ISO 8601, by the ledger's clock", format: 'date-time' })
const digest = z.string().meta({ description: '`sha256:` and 64 hex digits' })

/** Policy files by name, as a client sends them. */
export const policyFilesShape = z
  .record(z.string().regex(/^[A-Za-z0-9._-]{1,100}\.cedar$/, 'takes names of *.cedar files'), z.string().max(200_000))
  .meta({ description: 'Policy files by name, all of them: those left out are removed' })

export const policyChangeShape = z
  .object({
    id: z.string(),
    state: z
      .enum(['waiting', 'agreed', 'objected', 'outdated'])
      .meta({ description: '`agreed`: it came into force; `outdated`: another set did first' }),
    author: z.string(),
    note: z.string(),
    loosens: z.boolean(),
    reasons: list(z.string()).meta({ description: 'Why it is said to loosen' }),
    people: z.int().meta({ description: 'How many of `group` have to agree' }),
    group: z.string(),
    agreements: list(
      z.object({
        person: z.string(),
        vote: z.enum(['agree', 'object']),
        reason: z.string(),
        at: time,
        counts: z.boolean().meta({ description: 'Its person is live, and in the group' }),
      }),
    ),
    base_digest: digest,
    digest,
    proposed_at: time,
    differences: list(
      z.object({ id: z.string(), text_before: z.string().nullable(), text_after: z.string().nullable() }),
    ),
  })
  .meta({ id: 'PolicyChange', description: 'A change of the policy set in force' })

export const policySetShape = z
  .object({
    revision: z.int(),
    digest,
    author: z.string(),
    agreed_by: list(z.string()),
    change_id: z.string().nullable(),
    from: time,
    until: time.nullable().meta({ description: 'null: it is in force' }),
  })
  .meta({ id: 'PolicySet', description: 'A policy set that was, or is, in force' })

const requirements = z.record(z.string(), z.int())
const result = z.enum(['allow', 'deny', 'require-approval'])

const policyShape = z
  .object({
    id: z.string(),
    effect: z.enum(['permit', 'forbid']),
    file: z.string(),
    author: z.string().nullable().meta({ description: 'Who introduced or last altered it' }),
    requires: requirements.nullable(),
    say: z.string().nullable(),
    policy_text: z.string(),
  })
  .meta({ id: 'Policy' })

const simulatedShape = z.object({
  policy_digest: z.string(),
  result,
  requirements,
  explanation: z.string(),
  steps: list(
    z.object({
      step: z.string(),
      tool: z.string(),
      result,
      requirements,
      explanation: z.string(),
      policies: list(policyShape),
      permitted_by: list(z.string()),
      enough: z.string().nullable().meta({ description: 'What would be enough; null where it is allowed' }),
    }),
  ),
})

export const simulationShape = simulatedShape
  .extend({
    revision: z.int().nullable().meta({ description: 'Of the set in force; null for a draft' }),
    problems: list(z.object({ code: z.string(), pointer: z.string(), message: z.string() })).meta({
      description: 'Why the request would not be admitted',
    }),
    facts: z.object({
      session: z.object({
        calls: z.int(),
        read_untrusted: z.boolean(),
        read_sensitive: z.boolean(),
        from: z.literal('ledger'),
      }),
      approvals: z.object({ counts: requirements, from: z.enum(['given', 'none']) }),
      observed: z.object({
        by_step: z.record(z.string(), z.record(z.string(), z.unknown())),
        from: z.enum(['given', 'none']),
      }),
    }),
    present: simulatedShape
      .extend({ differs: list(z.string()).meta({ description: 'Steps that the draft decides otherwise' }) })
      .nullable()
      .meta({ description: 'Of a draft: what the set in force says' }),
  })
  .meta({ id: 'Simulation' })

export const explanationShape = z
  .object({
    action_id: z.string(),
    decisions: list(
      z.object({
        step: z.string(),
        tool: z.string(),
        phase: z.string(),
        stage: z.enum(['policy', 'intent']),
        round: z.int(),
        result,
        explanation: z.string(),
        at: time,
        says: list(z.string()),
        requirements,
        enough: z.string().nullable(),
        policies: list(policyShape).meta({ description: 'Empty for agents' }),
        permitted_by: list(policyShape).meta({ description: 'Empty for agents' }),
        set: z
          .object({ digest, revision: z.int(), author: z.string(), from: time, until: time.nullable() })
          .nullable()
          .meta({ description: 'null for agents' }),
        now: z
          .object({ result, differs: z.boolean(), explanation: z.string() })
          .nullable()
          .meta({ description: 'What the set in force says now; null for agents' }),
      }),
    ),
  })
  .meta({ id: 'Explanation' })
