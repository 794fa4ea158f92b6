import { linkSlack as link } from '../../control-plane/slack/link-slack.js'
import { callerOf } from '../authenticate.js'
import { answer, bearer, ofBodies, problems } from '../openapi.js'
import { slackLinkingShape, slackLinkShape } from '../slack-link-shapes.js'
import type { SecuredRoute } from './route.js'

export const linkSlack: SecuredRoute = (app, plane) => {
  app.post(
    '/v1/slack-links',
    {
      schema: {
        operationId: 'linkSlack',
        tags: ['approvals'],
        summary: 'Confirm that a Slack user is you',
        description:
          'What they decide in Slack is yours from then on. A code is good once. Where you have keys, one of them signs for it.',
        security: bearer,
        body: slackLinkingShape,
        response: {
          200: answer('The Slack user is you', slackLinkShape),
          ...problems(...ofBodies, 'EXQ-2002', 'EXQ-2018', 'EXQ-2019', 'EXQ-2036', 'EXQ-5044', 'EXQ-5048'),
        },
      },
    },
    (request) => link(plane, callerOf(request), request.body),
  )
}
