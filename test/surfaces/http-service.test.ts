import { request as httpRequest } from 'node:http'
import { Ajv2020 } from 'ajv/dist/2020.js'
import type { FastifyInstance } from 'fastify'
import type { OpenAPIV3_1 } from 'openapi-types'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createAuthorities } from '../../src/identity/authority.js'
import { createPool } from '../../src/ledger/pool.js'
import { type HttpDesk, openHttpDesk, refund, send } from './http-desk.js'

let desk: HttpDesk
beforeAll(async () => {
  desk = await openHttpDesk()
})
afterAll(() => desk.close())

describe('health and readiness', () => {
  test('need no credential', async () => {
    expect(await desk.call('GET', '/healthz')).toMatchObject({ status: 200, body: { status: 'ok' } })
    expect(await desk.call('GET', '/readyz')).toMatchObject({ status: 200, body: { ready: true, checks: [] } })
  })

  test('say what is missing', async () => {
    const checks = [
      { name: 'postgres', ok: true },
      { name: 'temporal', ok: false, detail: 'does not answer' },
    ]
    const app = await desk.serve(desk.plane, { readiness: async () => checks })
    expect(await send(app, 'GET', '/readyz')).toMatchObject({ status: 503, body: { ready: false, checks } })
    await app.close()
  })
})

describe('the description of the API', () => {
  let document: OpenAPIV3_1.Document
  let routes: { method: string; path: string }[]
  beforeAll(async () => {
    document = (await desk.call('GET', '/openapi.json')).body
    // The pages of the inbox, and what only they call, are no part of the API.
    routes = routesOf(desk.app).filter(({ path }) => !path.startsWith('/inbox'))
  })

  const operations = () =>
    Object.entries(document.paths ?? {}).flatMap(([path, item]) =>
      Object.entries(item ?? {}).map(([method, operation]) => ({
        path,
        method,
        operation: operation as OpenAPIV3_1.OperationObject,
      })),
    )

  test('is OpenAPI 3.1', () => {
    expect(document.openapi).toBe('3.1.0')
    expect(document.info).toMatchObject({ title: 'Exequatur', version: expect.stringMatching(/^\d+\.\d+\.\d+/) })
    expect(document.components?.securitySchemes).toEqual({ bearer: { type: 'http', scheme: 'bearer' } })
  })

  test('has every route of the server, and no other', () => {
    const described = operations().map(({ path, method }) => `${method.toUpperCase()} ${path}`)
    expect(described.sort()).toEqual(routes.map(({ method, path }) => `${method} ${path}`).sort())
    expect(described.length).toBeGreaterThan(14)
  })

  test('says of every route what it is, who may call it, and what it answers', () => {
    for (const { path, operation } of operations()) {
      expect(operation.summary, path).toBeTruthy()
      expect(operation.tags, path).toHaveLength(1)
      expect(operation.security, path).toEqual(path.startsWith('/v1/') ? [{ bearer: [] }] : [])
      expect(Object.keys(operation.responses ?? {}), path).toContain('200')
    }
    const ids = operations().map(({ operation }) => operation.operationId)
    expect(new Set(ids).size).toBe(ids.length)
  })

  test('has problems wherever a caller is authenticated', () => {
    for (const { path, operation } of operations().filter(({ path }) => path.startsWith('/v1/'))) {
      for (const status of ['401', '429', '500', '503']) {
        expect(operation.responses?.[status], `${path} ${status}`).toMatchObject({
          content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
        })
      }
    }
  })

  test('refers only to what it holds, and holds only what is referred to', () => {
    const refs = [...JSON.stringify(document).matchAll(/"\$ref":"#\/components\/schemas\/([^"]+)"/g)].map(
      ([, name]) => name,
    )
    expect([...new Set(refs)].sort()).toEqual(Object.keys(document.components?.schemas ?? {}).sort())
    expect(Object.keys(document.components?.schemas ?? {})).toEqual(
      expect.arrayContaining(['Action', 'Approval', 'Tool', 'Trail', 'Problem', 'CallInput', 'PlanInput']),
    )
    expect(JSON.stringify(document)).not.toContain('readOnly')
  })

  test('has schemas that the requests and answers of the server fit', async () => {
    const ajv = new Ajv2020({ strict: false, validateFormats: false })
    ajv.addSchema(document, 'api')
    const fits = (pointer: string, value: unknown) => {
      const valid = ajv.validate({ $ref: `api#${pointer}` }, value)
      return valid || ajv.errorsText()
    }
    for (const name of Object.keys(document.components?.schemas ?? {})) {
      expect(ajv.validateSchema(document.components?.schemas?.[name] ?? {}), name).toBe(true)
    }
    const body = '/paths/~1v1~1actions/post/requestBody/content/application~1json/schema'
    expect(fits(body, refund('r1'))).toBe(true)
    expect(fits(body, { plan: { steps: [{ tool: 't', args: {} }] }, context: { request_id: 'r1' } })).toBe(true)
    expect(fits(body, { ...refund('r1'), extra: 1 })).not.toBe(true)
    const action = (await desk.submit(refund('described'))).body
    expect(fits('/components/schemas/Action', action)).toBe(true)
    const token = desk.tokens.desk
    expect(
      fits('/components/schemas/Trail', (await desk.call('GET', `/v1/actions/${action.id}/trail`, { token })).body),
    ).toBe(true)
    expect(fits('/components/schemas/Tool', (await desk.call('GET', '/v1/tools/refund_invoice', { token })).body)).toBe(
      true,
    )
    expect(fits('/components/schemas/Problem', (await desk.call('GET', '/v1/tools')).body)).toBe(true)
  })

  test('shows the path parameters, the filters and the preferred wait', () => {
    const parameters = (path: string, method: 'get' | 'post') =>
      ((document.paths?.[path]?.[method]?.parameters ?? []) as OpenAPIV3_1.ParameterObject[]).map(
        ({ in: where, name }) => `${where} ${name}`,
      )
    expect(parameters('/v1/actions/{id}', 'get')).toEqual(expect.arrayContaining(['path id', 'header prefer']))
    expect(parameters('/v1/actions', 'post')).toContain('header prefer')
    expect(parameters('/v1/actions', 'get')).toEqual(
      ['agent', 'tool', 'stage', 'outcome', 'request_id', 'cursor', 'limit'].map((name) => `query ${name}`),
    )
  })
})

describe('an error that is nobody’s fault', () => {
  test('of an address that is not there is EXQ-1005, whoever asks and whatever is sent', async () => {
    for (const [method, url] of [
      ['GET', '/'],
      ['POST', '/v1/nothing'],
      ['GET', '/v1/actions/a/b'],
      ['POST', '/healthz'],
      ['GET', '/v1/actions/%zz'],
      ['GET', `/v1/actions/${'x'.repeat(200)}`],
    ] as const) {
      const answer = await desk.call(method, url, { ...(method === 'POST' && { body: '{' }) })
      expect(answer, url).toMatchObject({ status: 404, body: { code: 'EXQ-1005' } })
      expect(answer.headers['content-type']).toMatch(/^application\/problem\+json/)
    }
  })

  test('of a ledger that is away is EXQ-7004, and worth another try', async () => {
    const pool = createPool('postgres://nobody@127.0.0.1:1/none', 'exq_server')
    const app = await desk.serve({ ...desk.plane, pool, authorities: createAuthorities(pool, []) })
    const answer = await send(app, 'GET', '/v1/actions', { token: desk.tokens.desk })
    expect(answer).toMatchObject({ status: 503, body: { code: 'EXQ-7004', retryable: true } })
    expect(Number(answer.headers['retry-after'])).toBeGreaterThan(0)
    expect(JSON.stringify(answer.body)).not.toContain('127.0.0.1')
    await app.close()
    await pool.end()
  })

  test('of a Temporal that is away is EXQ-7003', async () => {
    const away = Object.assign(new Error('14 UNAVAILABLE: tcp connect error'), { code: 14, details: 'x', metadata: {} })
    const answer = await askForHistory(() => Promise.reject(away))
    expect(answer).toMatchObject({ status: 503, body: { code: 'EXQ-7003' } })
  })

  test('that nobody expected is EXQ-9001: told in the log, under the id of the request, and nowhere else', async () => {
    const answer = await askForHistory(() => Promise.reject(new Error('the secret word is xyzzy')))
    expect(answer).toMatchObject({ status: 500, body: { code: 'EXQ-9001' } })
    expect(JSON.stringify(answer)).not.toContain('xyzzy')
    const id = answer.headers['x-request-id'] as string
    expect(answer.body.instance).toBe(`urn:uuid:${id}`)
    const told = desk.logged.find((line) => line.includes('xyzzy'))
    expect(told).toContain(id)
  })

  async function askForHistory(history: () => Promise<unknown>) {
    const app = await desk.serve({ ...desk.plane, workflows: { ...desk.plane.workflows, history } })
    const { body } = await desk.submit(refund('errors'))
    const answer = await send(app, 'GET', `/v1/actions/${body.id}/history`, { token: desk.tokens.desk })
    await app.close()
    return answer
  }
})

describe('on the wire', () => {
  let app: FastifyInstance
  let url: URL
  beforeAll(async () => {
    app = await desk.serve(desk.plane)
    url = new URL(await app.listen({ host: '127.0.0.1', port: 0 }))
  })
  afterAll(() => app.close())

  test('a body that never says how long it is, is cut off at the limit', async () => {
    const before = await desk.count('refusals')
    const answer = await new Promise<{ status: number | undefined; text: string }>((resolve, reject) => {
      const outgoing = httpRequest(
        new URL('/v1/actions', url),
        {
          method: 'POST',
          headers: { authorization: `Bearer ${desk.tokens.desk}`, 'content-type': 'application/json' },
        },
        async (incoming) => {
          const chunks: Buffer[] = []
          for await (const chunk of incoming) chunks.push(chunk as Buffer)
          resolve({ status: incoming.statusCode, text: Buffer.concat(chunks).toString() })
        },
      )
      outgoing.on('error', reject)
      outgoing.write('x'.repeat(300_000))
    })
    expect(answer.status).toBe(413)
    expect(JSON.parse(answer.text).code).toBe('EXQ-1003')
    expect(await desk.count('refusals')).toBe(before + 1)
  })
})

function routesOf(app: FastifyInstance): { method: string; path: string }[] {
  const tree = app.printRoutes({ commonPrefix: false, includeHooks: false })
  const routes: { method: string; path: string }[] = []
  const open: string[] = []
  for (const line of tree.split('\n')) {
    const match = /^([\s│]*)[├└]── (\S*)(?: \(([^)]+)\))?$/.exec(line)
    if (!match) continue
    const [, indent = '', part = '', methods] = match
    open.length = indent.length / 4
    open.push(part)
    for (const method of methods?.split(', ') ?? []) {
      routes.push({ method, path: open.join('').replace(/:(\w+)/g, '{$1}') })
    }
  }
  return routes
}
