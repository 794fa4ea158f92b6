import { createServer, type IncomingHttpHeaders } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Readable } from 'node:stream'
import { type ErrorCode, errorTable } from '../../src/domain/errors.js'
import { problemShape } from '../../src/http/schemas.js'
import { type Around, exq, type Ran } from './cli-run.js'

export interface Received {
  readonly method: string
  readonly path: string
  readonly query: Readonly<Record<string, string>>
  readonly headers: IncomingHttpHeaders
  readonly body: unknown
}

export type Answer = { readonly status?: number; readonly body: unknown; readonly headers?: Record<string, string> }
/** Answers by `METHOD /path`; a function is asked anew each time. */
export type Answers = Readonly<Record<string, unknown | ((received: Received) => unknown)>>

export interface ApiServer {
  readonly url: string
  readonly received: Received[]
  /** Runs a command against this server, with a token. */
  run(argv: readonly string[], around?: Around): Promise<Ran>
  close(): Promise<void>
}

/** A server on a port of its own that gives prepared answers, and remembers what it was asked. */
export async function startApi(answers: Answers): Promise<ApiServer> {
  const received: Received[] = []
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk)
    const text = Buffer.concat(chunks).toString()
    const url = new URL(request.url ?? '/', 'http://localhost')
    const asked: Received = {
      method: request.method ?? '',
      path: url.pathname,
      query: Object.fromEntries(url.searchParams),
      headers: request.headers,
      body: text === '' ? undefined : JSON.parse(text),
    }
    received.push(asked)
    const prepared = answers[`${asked.method} ${asked.path}`] ?? problem('EXQ-1005', asked.path)
    const answer = await (typeof prepared === 'function' ? prepared(asked) : prepared)
    const { status = 200, body, headers = {} } = isAnswer(answer) ? answer : { body: answer }
    response.writeHead(status, { 'content-type': 'application/json', ...headers })
    if (body instanceof Readable) body.pipe(response)
    else response.end(typeof body === 'string' ? body : JSON.stringify(body))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  return {
    url,
    received,
    run: (argv, around = {}) =>
      exq(argv, { ...around, env: { EXEQUATUR_API: url, EXEQUATUR_TOKEN: 'exq_acme_token', ...around.env } }),
    close: async () => {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

const isAnswer = (value: unknown): value is Answer => typeof value === 'object' && value !== null && 'body' in value

/** An error, in the shape of the API. */
export function problem(code: ErrorCode, detail: string): Answer {
  const { title, status, remedy, retryable } = errorTable[code]
  const [type, instance] = [`urn:exequatur:error:${code}`, 'urn:uuid:00000000-0000-4000-8000-000000000000']
  const body = problemShape.parse({ type, title, status, detail, instance, code, remedy, retryable, errors: [] })
  return { status, body, headers: { 'content-type': 'application/problem+json' } }
}
