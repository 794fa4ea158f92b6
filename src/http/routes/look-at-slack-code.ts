import { lookAtSlackCode as look } from '../../control-plane/slack/link-slack.js'
import { callerOf } from '../authenticate.js'
import { answer, bearer, ofBodies, problems } from '../openapi.js'
import { slackCodeShape, slackUserShape } from '../slack-link-shapes.js'
import type { SecuredRoute } from './route.js'

export const lookAtSlackCode: SecuredRoute = (app, plane) => {
  app.post(
    '/v1/slack-links/look',
    {
      schema: {
        operationId: 'lookAtSlackCode',
        tags: ['approvals'],
        summary: 'See which Slack user a code is of',
        description: 'Before you confirm it: whoever it is decides in your name from then on.',
        security: bearer,
        body: slackCodeShape,
        response: {
          200: answer('The Slack user', slackUserShape),
          ...problems(...ofBodies, 'EXQ-2002', 'EXQ-5048'),
        },
      },
    },
    (request) => look(plane, callerOf(request), request.body.code),
  )
}
