import { getAction } from '../../control-plane/get-action.js'
import { submitAction as submit } from '../../control-plane/submit-action.js'
import { callerOf } from '../authenticate.js'
import { answer, bearer, problems } from '../openapi.js'
import { preferHeader } from '../parameters.js'
import { preferredWait } from '../prefer.js'
import { actionShape } from '../schemas.js'
import { inBodyTerms, submissionShape, toSubmission } from '../submission.js'
import type { SecuredRoute } from './route.js'

export const submitAction: SecuredRoute = (app, plane) => {
  app.post(
    '/v1/actions',
    {
      config: { admits: true },
      schema: {
        operationId: 'submitAction',
        tags: ['actions'],
        summary: 'Ask for an action',
        description:
          'Admits a tool call, or a plan of several, once per `context.request_id`. 200 when it has ended, else 202; `location` names the action.',
        security: bearer,
        headers: preferHeader,
        body: submissionShape,
        response: {
          200: answer('It has ended', actionShape),
          202: answer('It is admitted, and has not ended', actionShape),
          ...problems(
            'EXQ-1001',
            'EXQ-1002',
            'EXQ-1003',
            'EXQ-1004',
            'EXQ-1101',
            'EXQ-1102',
            'EXQ-1103',
            'EXQ-1104',
            'EXQ-1105',
            'EXQ-1106',
            'EXQ-1107',
            'EXQ-1108',
            'EXQ-1110',
            'EXQ-1111',
            'EXQ-2001',
            'EXQ-2002',
          ),
        },
      },
    },
    async (request, reply) => {
      const { body } = request
      const caller = callerOf(request)
      const waitMs = preferredWait(request, reply)
      const { action_id, joined } = await inBodyTerms(body, () => submit(plane, caller, toSubmission(body)))
      const action = await getAction(plane, caller, action_id, waitMs)
      reply.header('location', `/v1/actions/${action_id}`)
      return reply.code(action.outcome ? 200 : 202).send(joined ? { ...action, joined } : action)
    },
  )
}
