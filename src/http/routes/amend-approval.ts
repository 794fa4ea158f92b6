import { z } from 'zod'
import { amendApproval as amend } from '../../control-plane/amend-approval.js'
import type { JsonObject } from '../../domain/json.js'
import { approvalShape } from '../approval-shape.js'
import { callerOf } from '../authenticate.js'
import { answer, bearer, problems } from '../openapi.js'
import { idParams, word } from '../parameters.js'
import type { SecuredRoute } from './route.js'

const amendmentShape = z.strictObject({
  step: word.default('step1'),
  args: z
    .record(z.string(), z.unknown())
    .meta({ description: 'The arguments to change; each takes the place of the one of that name' }),
  reason: z.string().min(1).max(2_000),
  envelope_digest: z.string().min(1).max(200).meta({ description: 'Of what you were shown' }),
})

export const amendApproval: SecuredRoute = (app, plane) => {
  app.post(
    '/v1/approvals/:id/amendments',
    {
      schema: {
        operationId: 'amendApproval',
        tags: ['approvals'],
        summary: 'Change arguments before anybody approves them',
        description:
          'The request is sealed anew and the policy decides again. Votes so far are void, and somebody else has to approve.',
        security: bearer,
        params: idParams,
        body: amendmentShape,
        response: {
          200: answer('The amendment is recorded; a new approval request follows', approvalShape),
          ...problems(
            'EXQ-1001',
            'EXQ-1002',
            'EXQ-1003',
            'EXQ-1004',
            'EXQ-1102',
            'EXQ-1106',
            'EXQ-1107',
            'EXQ-1108',
            'EXQ-2001',
            'EXQ-2002',
            'EXQ-4001',
            'EXQ-4002',
            'EXQ-4003',
            'EXQ-4004',
            'EXQ-4041',
            'EXQ-4042',
            'EXQ-4043',
          ),
        },
      },
    },
    (request) => {
      const { args, ...rest } = request.body
      return amend(plane, callerOf(request), request.params.id, { ...rest, args: args as JsonObject })
    },
  )
}
