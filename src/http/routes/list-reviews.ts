import { z } from 'zod'
import { listReviews as list } from '../../control-plane/list-reviews.js'
import { callerOf } from '../authenticate.js'
import { answer, bearer, problems } from '../openapi.js'
import { paging } from '../parameters.js'
import { changesShape } from '../review-shapes.js'
import { pageOf } from '../schemas.js'
import type { SecuredRoute } from './route.js'

const query = z.strictObject({
  ...paging,
  objected: z
    .enum(['true', 'false'])
    .default('false')
    .transform((text) => text === 'true')
    .meta({ description: '`true`: what somebody objected to' }),
})

export const listReviews: SecuredRoute = (app, plane) => {
  app.get(
    '/v1/reviews',
    {
      schema: {
        operationId: 'listReviews',
        tags: ['reviews'],
        summary: 'List what ran without people and is for you to look over, oldest first',
        description: 'A page may be short, or empty, and still have a next one.',
        security: bearer,
        querystring: query,
        response: {
          200: answer('A page', pageOf(changesShape)),
          ...problems('EXQ-1002', 'EXQ-1108', 'EXQ-2001', 'EXQ-2002'),
        },
      },
    },
    (request) => list(plane, callerOf(request), request.query),
  )
}
