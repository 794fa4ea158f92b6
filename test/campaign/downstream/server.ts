import { appendFileSync } from 'node:fs'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { parseArgs } from 'node:util'
import { endWithParent } from '../../../src/parent-watch.js'
import { seeded } from '../random.js'
import { systems } from './books.js'
import { heldModes, type Rule, Rules } from './modes.js'
import { readWish, Unreadable } from './read-wish.js'
import { type Reply, type Wish, World } from './world.js'

const { values } = parseArgs({
  options: {
    books: { type: 'string' },
    requests: { type: 'string' },
    seed: { type: 'string', default: '0' },
    'key-lifetime': { type: 'string', default: '60000' },
  },
})
const world = new World(String(values.books), Number(values['key-lifetime']))
const random = seeded(`${values.seed}/downstream`)
const rules = new Rules(random)
const listeners = new Set<ServerResponse>()

// Where nobody ever calls, that is there to be seen too.
appendFileSync(String(values.requests), '')

/** Every request, and every answer that was sent, for whoever judges later. */
function note(line: Readonly<Record<string, unknown>>): void {
  appendFileSync(String(values.requests), `${JSON.stringify({ at: Date.now(), ...line })}\n`)
}

function tell(event: Readonly<Record<string, unknown>>): void {
  for (const listener of listeners) listener.write(`${JSON.stringify(event)}\n`)
}

const server = createServer(serve)
// Who means to send a change asks first: so a request can be left half taken in.
server.on('checkContinue', (request: IncomingMessage, response: ServerResponse) => {
  const call = request.url?.endsWith('/undo') ? 'undo' : 'effect'
  const rule = rules.take(call, String(request.headers['x-subject']))
  if (rule.mode === 'hold-half') {
    note({ kind: 'half', subject: request.headers['x-subject'], pid: Number(request.headers['x-pid']) })
    hold(request, rule)
    return
  }
  response.writeContinue()
  void change(request, response, rule).catch((error) => fail(response, error))
})

function serve(request: IncomingMessage, response: ServerResponse): void {
  void look(request, response).catch((error) => fail(response, error))
}

function fail(response: ServerResponse, error: unknown): void {
  if (response.headersSent) return
  const status = error instanceof Unreadable ? 400 : 500
  send(response, { status, body: { error: error instanceof Unreadable ? error.message : 'this was not expected' } })
}

async function look(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const url = new URL(request.url ?? '/', 'http://downstream')
  const [, first = '', second, id] = url.pathname.split('/')
  if (first === '_events') {
    response.writeHead(200).flushHeaders()
    listeners.add(response)
    response.once('close', () => listeners.delete(response))
    return
  }
  if (first === '_rules') {
    const body = JSON.parse(await text(request)) as { add?: Rule[]; set?: Rule[] }
    if (body.set) rules.set(body.set)
    for (const rule of body.add ?? []) rules.add(rule)
    return send(response, { status: 200, body: {} })
  }
  const rule = rules.take('look', String(request.headers['x-subject']))
  if (rule.mode === 'hold-unapplied') return
  if (rule.mode === 'unavailable') return send(response, { status: 503, body: { error: 'not now' } })
  const system = systems.find((known) => known === first)
  if (request.method !== 'GET' || !system || second !== 'effects')
    return send(response, { status: 404, body: { error: 'there is no such address' } })
  if (id) return send(response, world.find(system, id))
  const reference = url.searchParams.get('reference')
  if (system !== 'queryable' || !reference)
    return send(response, { status: 405, body: { error: 'this cannot be looked up' } })
  send(response, world.search(reference))
}

async function change(request: IncomingMessage, response: ServerResponse, rule: Rule): Promise<void> {
  const received_at = Date.now()
  const wish = readWish(request, await text(request), received_at)
  note({ kind: 'request', ...wish, mode: rule.mode })
  const answer = (reply: Reply) => {
    note({ kind: 'answer', subject: wish.subject, key: wish.key, pid: wish.pid, status: reply.status, received_at })
    send(response, reply)
  }
  const delay = rule.delay_ms ?? random.between(200, 3_000)
  switch (rule.mode) {
    case 'answer':
    case 'hold-half':
      return answer(world.apply(wish))
    case 'hold-unapplied':
      return hold(request, rule, wish)
    case 'hold-applied':
      world.apply(wish)
      return hold(request, rule, wish)
    case 'delay': {
      const reply = world.apply(wish)
      setTimeout(() => answer(reply), delay)
      return
    }
    case 'late':
      setTimeout(() => world.apply(wish), delay)
      return
    case 'reset-unapplied':
      request.socket.resetAndDestroy()
      return
    case 'reset-applied':
      world.apply(wish)
      request.socket.resetAndDestroy()
      return
    case 'error-applied':
      world.apply(wish, { storedError: true })
      return answer({ status: 500, body: { error: `something went wrong here: ${request.headers.authorization}` } })
    case 'unavailable':
      return answer({ status: 503, body: { error: 'not now' } })
    case 'refuse':
      return answer(world.recall(wish) ?? { status: 422, body: { error: 'no' } })
    case 'lie':
      return answer(world.recall(wish) ?? { status: 200, body: { id: `no_${received_at}`, amount_cents: wish.amount } })
    case 'other-amount':
      return answer(world.apply(wish, { amount: wish.amount + 1 }))
    case 'twice': {
      const reply = world.apply(wish)
      answer(reply)
      const again = JSON.stringify(reply.body)
      request.socket.write(`HTTP/1.1 ${reply.status} OK\r\ncontent-length: ${Buffer.byteLength(again)}\r\n\r\n${again}`)
      return
    }
    case 'lag':
      return answer(world.apply(wish, { lagMs: delay }))
  }
}

/** Leaves whoever sent it without an answer, and tells whoever listens that now is the moment. */
function hold(request: IncomingMessage, rule: Rule, wish?: Wish): void {
  if (!heldModes.includes(rule.mode)) throw new Error(`${rule.mode} does not hold`)
  tell({
    held: rule.mode,
    subject: wish?.subject ?? request.headers['x-subject'],
    pid: Number(request.headers['x-pid']),
    at: Date.now(),
  })
}

async function text(request: IncomingMessage): Promise<string> {
  const parts: Buffer[] = []
  for await (const part of request) parts.push(part as Buffer)
  return Buffer.concat(parts).toString('utf8')
}

function send(response: ServerResponse, reply: Reply): void {
  response.writeHead(reply.status, { 'content-type': 'application/json' }).end(JSON.stringify(reply.body))
}

endWithParent()
process.once('SIGTERM', () => process.exit(0))
server.listen(0, '127.0.0.1', () => {
  const { port } = server.address() as AddressInfo
  process.stdout.write(`${JSON.stringify({ ready: 'downstream', url: `http://127.0.0.1:${port}` })}\n`)
})
