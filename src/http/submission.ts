import { z } from 'zod'
import type { Submission } from '../control-plane/submit-action.js'
import { ExequaturError, isExequaturError } from '../domain/errors.js'
import { requestIdPattern } from '../domain/ids.js'

const name = z.string().min(1).max(200)
const words = z.string().max(2_000)
const businessId = z.string().min(1).max(100).optional()
const args = z.record(z.string(), z.unknown()).meta({ description: "By the tool contract's `input`" })
const version = z.int().positive().optional().meta({ description: 'The newest that is not withdrawn, if left out' })
const bound = z.int().min(0).optional()

const contextShape = z
  .strictObject({
    request_id: z
      .string()
      .regex(requestIdPattern, 'takes 1 to 100 letters, digits, ., _ and -')
      .meta({ description: 'The same id with the same body is the same action' }),
    ticket_id: businessId,
    user_id: businessId,
    incident_id: businessId,
    session_id: name.optional(),
    on_behalf_of: name.optional(),
    reason: words.optional(),
    trigger: words.optional(),
    model: z
      .strictObject({
        provider: name.optional(),
        name: name.optional(),
        prompt_digest: name.optional(),
        tool_call_id: name.optional(),
        usage: z.record(z.string(), z.unknown()).optional(),
      })
      .optional(),
    requires_approval: z.boolean().optional().meta({ description: 'true may only make the decision stricter' }),
    traceparent: name.optional(),
    actor: name.optional().meta({ description: 'If given, has to match the credential' }),
    tenant: name.optional().meta({ description: 'If given, has to match the credential' }),
  })
  .meta({ id: 'Context' })

const callShape = z.strictObject({ tool: name, version, args, context: contextShape }).meta({
  id: 'Call',
  description: 'One tool call',
  examples: [
    {
      tool: 'refund_invoice',
      args: { invoice_id: 'in_123', reason_code: 'duplicate_charge', customer_message: 'Refund approved.' },
      context: { request_id: 'req_1', ticket_id: 'zd_1' },
    },
  ],
})

const planShape = z
  .strictObject({
    plan: z.strictObject({
      goal: words.optional(),
      steps: z.array(
        z.strictObject({
          id: z.string().max(100).optional().meta({ description: '`step1`, `step2`... if left out' }),
          tool: name,
          version,
          args,
        }),
      ),
      bounds: z.strictObject({ steps: bound, calls: bound, writes: bound, spend_cents: bound }).optional(),
    }),
    context: contextShape,
  })
  .meta({ id: 'Plan', description: 'Several tool calls, done in order and undone in reverse' })

export const submissionShape = z.union([callShape, planShape])

type SubmissionBody = z.output<typeof submissionShape>
type PlanBody = z.output<typeof planShape>['plan']

/** What was sent, as a plan: a lone call is a plan of one step. */
export function toSubmission(body: SubmissionBody): Submission {
  const plan: PlanBody = 'plan' in body ? body.plan : { steps: [callOf(body)] }
  const steps = plan.steps.map((step, index) => ({ ...step, id: step.id ?? `step${index + 1}` }))
  // What JSON leaves out is not there at all, never `undefined`, whatever the schema's type allows.
  return { plan: { ...plan, steps }, context: body.context } as Submission
}

/** Runs `work`; what it finds wrong with the plan is told in terms of the body that was sent. */
export async function inBodyTerms<T>(body: SubmissionBody, work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    if (!isExequaturError(error) || 'plan' in body) throw error
    const problems = error.problems.map(({ pointer, message }) => ({
      pointer: pointer.replace(/^\/plan\/steps\/0(?=\/|$)/, ''),
      message,
    }))
    throw new ExequaturError(error.code, error.detail, problems, { cause: error })
  }
}

function callOf({ context: _, ...call }: z.output<typeof callShape>): PlanBody['steps'][number] {
  return call
}
