import { readFileSync } from 'node:fs'
import swagger from '@fastify/swagger'
import type { FastifyInstance } from 'fastify'
import { createJsonSchemaTransform, createJsonSchemaTransformObject } from 'fastify-type-provider-zod'
import type { OpenAPIV3_1 } from 'openapi-types'
import type { z } from 'zod'
import { type ErrorCode, errorTable } from '../domain/errors.js'
import { packageRoot } from '../package-root.js'
import { problemShape } from './schemas.js'

/** Where the API may be called with a bearer token. */
export const bearer = [{ bearer: [] }]
/** Where anybody may call. */
export const open: { readonly [name: string]: readonly string[] }[] = []

const zodToJsonConfig = {
  // What is `readonly`, or no larger than a double holds, is about our own code, not about what clients may send.
  override: ({ jsonSchema }: { readonly jsonSchema: { readOnly?: boolean; minimum?: number; maximum?: number } }) => {
    delete jsonSchema.readOnly
    if (jsonSchema.minimum === Number.MIN_SAFE_INTEGER) delete jsonSchema.minimum
    if (jsonSchema.maximum === Number.MAX_SAFE_INTEGER) delete jsonSchema.maximum
  },
}
const addComponents = createJsonSchemaTransformObject({ zodToJsonConfig })

/** Makes /openapi.json out of the routes that are added after this. */
export async function describeApi(app: FastifyInstance): Promise<void> {
  const { version, license } = JSON.parse(readFileSync(new URL('package.json', packageRoot), 'utf8')) as {
    readonly version: string
    readonly license: string
  }
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'Exequatur',
        version,
        license: { name: license },
        description: 'AI agents ask for actions; policy and people decide; each action is one durable workflow.',
      },
      tags: [
        { name: 'actions', description: 'What agents ask for' },
        { name: 'approvals', description: 'What people decide' },
        { name: 'policies', description: 'What decides, and who changes it' },
        { name: 'budgets', description: 'What all requests together may take' },
        { name: 'tools', description: 'What can be asked for' },
        { name: 'service', description: 'The server itself' },
      ],
      components: { securitySchemes: { bearer: { type: 'http', scheme: 'bearer' } } },
    },
    transform: createJsonSchemaTransform({ zodToJsonConfig }),
    transformObject: (document) => onlyReferenced(addComponents(document) as OpenAPIV3_1.Document),
  })
}

/** A response that is none of trouble. */
export function answer<Schema extends z.ZodType>(description: string, schema: Schema) {
  return { description, content: { 'application/json': { schema } } }
}

/** What an access token of an issuer can be refused with, wherever a bearer token is asked for. */
const tokenCodes = [
  'EXQ-2010',
  'EXQ-2011',
  'EXQ-2012',
  'EXQ-2013',
  'EXQ-2014',
  'EXQ-2015',
  'EXQ-2016',
  'EXQ-2017',
] as const

/** What any call with a body can be answered with. */
export const ofBodies = ['EXQ-1001', 'EXQ-1002', 'EXQ-1003', 'EXQ-1004', 'EXQ-1108', 'EXQ-2001'] as const

/** Problem responses of a route, by status, each with the codes that it is given for. */
export function problems(...codes: readonly ErrorCode[]) {
  const responses: Record<
    number,
    { description: string; content: { 'application/problem+json': { schema: typeof problemShape } } }
  > = {}
  const ofTokens = codes.includes('EXQ-2001') ? tokenCodes : []
  for (const code of [...codes, ...ofTokens, 'EXQ-9001', 'EXQ-7004'] as const) {
    const { status, title } = errorTable[code]
    const known = responses[status]?.description
    responses[status] = {
      description: `${known ? `${known}; ` : ''}${code} ${title}`,
      content: { 'application/problem+json': { schema: problemShape } },
    }
  }
  return responses
}

/** Every schema is there as it is sent and as it is received; only one of them is used. */
function onlyReferenced(document: OpenAPIV3_1.Document): OpenAPIV3_1.Document {
  const schemas = document.components?.schemas ?? {}
  const used = new Set<string>()
  const follow = (part: unknown) => {
    for (const [, name] of JSON.stringify(part).matchAll(/"#\/components\/schemas\/([^"]+)"/g)) {
      if (!name || used.has(name)) continue
      used.add(name)
      follow(schemas[name])
    }
  }
  follow(document.paths)
  return {
    ...document,
    components: {
      ...document.components,
      schemas: Object.fromEntries(Object.entries(schemas).filter(([name]) => used.has(name))),
    },
  }
}
