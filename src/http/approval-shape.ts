import { z } from 'zod'
import { approvalStandings } from '../control-plane/approval-standing.js'
import { measures } from '../domain/budget.js'
import { risks } from '../domain/contract.js'
import { digest, list, requirements, stopShape, time } from './schemas.js'
import { recordedVoteShape } from './vote-schemas.js'

const link = z.string().nullable()

export const approvalShape = z
  .object({
    id: z.string(),
    action_id: z.string(),
    envelope_digest: digest,
    rendering: z.string().meta({
      description:
        'What is decided, described: RFC 8785 JSON, as it was sealed. A signed vote names the digest of these bytes',
    }),
    rendering_digest: digest,
    flags: list(z.object({ name: z.string(), says: z.string() })).meta({
      description: 'What needs a closer look than a click; an approval names all of them in `acknowledged`',
    }),
    flags_digest: digest,
    target: z.string().meta({ description: 'What a person types to approve in spite of flags' }),
    risk: z.enum(risks).meta({ description: 'Highest of the steps that are asked for' }),
    requirements,
    groups: list(z.string()),
    votes: list(recordedVoteShape),
    method_needed: z
      .enum(['any', 'key'])
      .meta({ description: "`key`: approvals have to be signed by the approver's own key" }),
    your_vote: z
      .object({ revision: z.int(), self_approved: z.boolean() })
      .meta({ description: 'What your vote has to name, if you sign it' }),
    approve_by: z
      .object({ slack: z.boolean(), inbox: z.boolean(), unasked: z.boolean() })
      .meta({ description: 'Which ways are strong enough to approve this' }),
    asked: list(z.object({ person: z.string(), groups: list(z.string()) })).meta({
      description: 'Who else may decide now and has not',
    }),
    links: z.object({ ticket: link, incident: link, user: link, workflow: link, inbox: link }),
    budgets: list(
      z.object({
        name: z.string(),
        scope: z.string(),
        of: z.enum(measures),
        currency: z.string().nullable().meta({ description: 'Which money `spend_cents` counts' }),
        limit: z.int(),
        used: z.int(),
        left: z.int(),
        window_ms: z.int(),
      }),
    )
      .nullable()
      .meta({ description: 'Where the budgets stand that this counts for; null in lists, and once it is decided' }),
    sealed_at: time,
    expires_at: time,
    escalations: list(z.object({ group: z.string(), to: z.string(), at: time, due: z.boolean() })).meta({
      description: 'From `at` on members of `to` may stand for `group` too',
    }),
    stopped: stopShape.nullable(),
    cancelled_by: z.string().nullable().meta({ description: 'Who cancelled the action, if anybody did' }),
    state: z.enum(approvalStandings).meta({
      description:
        '`stale`: it is being sealed anew; `superseded`: it was, and is asked for anew; `ended`: the action ended without it',
    }),
  })
  .meta({ id: 'Approval' })

export const wholeShape = z
  .object({
    id: z.string(),
    envelope_digest: digest,
    rendering: z.string().meta({
      description:
        'What is decided, described with nothing left out: JSON, of the same sealed envelope. A vote does not name it',
    }),
  })
  .meta({ id: 'Whole' })
