import { listBudgets as list } from '../../control-plane/list-budgets.js'
import { callerOf } from '../authenticate.js'
import { budgetsShape } from '../budget-shapes.js'
import { answer, bearer, problems } from '../openapi.js'
import type { SecuredRoute } from './route.js'

export const listBudgets: SecuredRoute = (app, plane) => {
  app.get(
    '/v1/budgets',
    {
      schema: {
        operationId: 'listBudgets',
        tags: ['budgets'],
        summary: 'List where the budgets stand',
        description: 'Where something is used. Agents see what is counted per agent, and theirs only.',
        security: bearer,
        response: { 200: answer('All of them', budgetsShape), ...problems('EXQ-1108', 'EXQ-2001', 'EXQ-2002') },
      },
    },
    (request) => list(plane, callerOf(request)),
  )
}
