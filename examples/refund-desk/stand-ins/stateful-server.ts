import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { resolve } from 'node:path'
import { type Call, readFields } from './call.js'
import { CallPipeline } from './call-pipeline.js'
import { ControlSurface } from './control-surface.js'
import { EffectLedger } from './effect-ledger.js'
import { FaultPlan } from './faults.js'
import { readProcessOptions } from './process-options.js'
import type { Reply } from './reply.js'
import { findRoute } from './route-table.js'
import { UnusableSeed } from './seed.js'
import type { Extension, StandIn } from './stand-in.js'

const bodyLimit = 1_000_000

/**
 * Runs a stand-in as this process: reads `--port`, `--host` and `--ledger`, prints one JSON line when it listens, and
 * ends on SIGTERM or SIGINT.
 */
export function runStandIn<Effect, Seed>(standIn: StandIn<Effect, Seed>): void {
  const options = readProcessOptions(process.argv.slice(2))
  const ledger = new EffectLedger<Effect, Seed>(resolve(options.ledger))
  const { server, close } = createStatefulServer(standIn, ledger)
  const stop = () => {
    server.close(() => process.exit(0))
    close()
    server.closeAllConnections()
  }
  process.once('SIGTERM', stop).once('SIGINT', stop)
  if (options.untilStdinCloses) process.stdin.resume().once('end', stop)
  server.listen(options.port, options.host, () => {
    const { port } = server.address() as AddressInfo
    const ready = { ready: standIn.name, url: `http://${options.host}:${port}`, ledger: ledger.path }
    process.stdout.write(`${JSON.stringify(ready)}\n`)
  })
}

function createStatefulServer<Effect, Seed>(
  standIn: StandIn<Effect, Seed>,
  ledger: EffectLedger<Effect, Seed>,
): { server: Server; close: () => void } {
  const pipeline = new CallPipeline(standIn, ledger)
  const faults = new FaultPlan()
  const control = new ControlSurface(pipeline, ledger, faults)
  const extension = standIn.open?.({
    record: (effect) => pipeline.note(effect, new Date()),
    url: () => urlOf(server),
  })

  const serve = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const method = request.method ?? 'GET'
    const url = new URL(request.url ?? '/', 'http://stand-in')
    const body = await readBody(request)
    if (url.pathname.startsWith('/_')) {
      const json: unknown = body === '' ? undefined : JSON.parse(body)
      send(response, (await extended(extension, method, url, json)) ?? control.answer(method, url, json))
      return
    }
    const found = findRoute(standIn.routes, method, url.pathname)
    control.count(found?.route.name ?? `${method} ${url.pathname}`)
    if (!found) return send(response, standIn.answers.unknownRoute(method, url.pathname))
    const { route, names } = found
    const { fields, json } = readFields(url, body, request.headers['content-type'])
    const call = (): Call => ({
      method,
      path: url.pathname,
      route: route.name,
      names,
      fields,
      json,
      headers: request.headers,
      at: new Date(),
    })
    const arrived = call()
    const reply = (content: Reply) => send(response, content, standIn.headers(arrived))
    const fault = faults.take(arrived)
    switch (fault?.mode) {
      case 'unavailable':
        return reply(standIn.answers.unavailable())
      case 'too-many':
        return reply(standIn.answers.tooMany(fault.retry_after_s ?? 1))
      case 'hang-before-applying':
        return
      case 'apply-late':
        // Late in every respect: whatever arrives in between is dealt with first.
        setTimeout(() => pipeline.answer(route, call(), undefined), fault.delay_ms)
        return
      case 'hang-after-applying':
        pipeline.answer(route, arrived, fault.mode)
        return
      case 'reset-after-applying':
        pipeline.answer(route, arrived, fault.mode)
        request.socket.resetAndDestroy()
        return
      default:
        reply(pipeline.answer(route, arrived, fault?.mode))
    }
  }

  const server = createServer((request, response) => {
    serve(request, response).catch((error: unknown) => {
      if (request.destroyed && !response.writable) return
      if (error instanceof SyntaxError || error instanceof URIError || error instanceof BodyTooLarge) {
        send(response, standIn.answers.unreadable(error.message))
        return
      }
      process.stderr.write(`${standIn.name}: ${error instanceof Error ? error.stack : String(error)}\n`)
      send(response, standIn.answers.failed())
    })
  })
  server.keepAliveTimeout = 30_000
  if (extension) server.on('upgrade', extension.upgrade)
  return { server, close: () => extension?.close() }
}

/** What the service adds to the control surface, with the same answer to what does not fit. */
async function extended(
  extension: Extension | undefined,
  method: string,
  url: URL,
  json: unknown,
): Promise<Reply | undefined> {
  try {
    return await extension?.control(method, url, json)
  } catch (error) {
    if (error instanceof UnusableSeed) return { status: 400, body: { problem: error.message } }
    throw error
  }
}

function urlOf(server: Server): string {
  const { address, port } = server.address() as AddressInfo
  return `http://${address}:${port}`
}

class BodyTooLarge extends Error {}

async function readBody(request: IncomingMessage): Promise<string> {
  const parts: Buffer[] = []
  let size = 0
  for await (const part of request) {
    size += (part as Buffer).length
    if (size > bodyLimit) throw new BodyTooLarge(`the body is larger than ${bodyLimit} bytes`)
    parts.push(part as Buffer)
  }
  return Buffer.concat(parts).toString('utf8')
}

function send(response: ServerResponse, reply: Reply, headers: Record<string, string> = {}): void {
  const all = { ...headers, ...reply.headers }
  if (reply.body === undefined) {
    response.writeHead(reply.status, all).end()
    return
  }
  response.writeHead(reply.status, { 'content-type': 'application/json', ...all }).end(JSON.stringify(reply.body))
}
