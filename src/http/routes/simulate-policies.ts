import { z } from 'zod'
import { simulatePolicies as simulate } from '../../control-plane/simulate-policies.js'
import type { JsonObject } from '../../domain/json.js'
import { callerOf } from '../authenticate.js'
import { answer, bearer, problems } from '../openapi.js'
import { policyFilesShape, simulationShape } from '../policy-schemas.js'
import { inBodyTerms, submissionShape, toSubmission } from '../submission.js'
import type { SecuredRoute } from './route.js'

const question = z.strictObject({
  request: submissionShape,
  agent: z.string().min(1).max(200).meta({ description: 'Who would ask, by name' }),
  on_behalf_of: z.string().max(200).optional(),
  session: z.string().max(200).optional().meta({ description: 'Whose history counts; else what the agent did lately' }),
  observed: z
    .record(z.string(), z.record(z.string(), z.unknown()))
    .default({})
    .meta({ description: 'What the reads of each step would find: no tool is called' }),
  approvals: z.record(z.string(), z.int().min(0).max(100)).default({}),
  policies: policyFilesShape.optional().meta({ description: 'A draft; else the set in force' }),
})

// Each asks Cedar, of a draft after parsing it: it is for people to ask, not for a machine to search with.
const atMost = { max: 60, timeWindow: 10_000 }

export const simulatePolicies: SecuredRoute = (app, plane) => {
  app.post(
    '/v1/policy/simulations',
    {
      config: { rateLimit: atMost },
      schema: {
        operationId: 'simulatePolicies',
        tags: ['policies'],
        summary: 'Ask what the policy would say of a request',
        description: 'By the same rules as of a real request; nothing is recorded, and no tool is called. For people.',
        security: bearer,
        body: question,
        response: {
          200: answer('What it would say', simulationShape),
          ...problems(
            'EXQ-1001',
            'EXQ-1002',
            'EXQ-1003',
            'EXQ-1004',
            'EXQ-1101',
            'EXQ-1108',
            'EXQ-2001',
            'EXQ-2002',
            'EXQ-2004',
            'EXQ-3002',
          ),
        },
      },
    },
    (request) => {
      const { request: asked, agent, on_behalf_of, session, observed, approvals, policies } = request.body
      return inBodyTerms(asked, () =>
        simulate(plane, callerOf(request), {
          submission: toSubmission(asked),
          agent,
          onBehalfOf: on_behalf_of ?? null,
          session: session ?? null,
          observed: observed as Readonly<Record<string, JsonObject>>,
          approvals,
          draft: policies ?? null,
        }),
      )
    },
  )
}
