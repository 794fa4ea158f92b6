import { once } from 'node:events'
import { type IncomingMessage, request } from 'node:http'
import type { PassThrough } from 'node:stream'
import type { FastifyInstance } from 'fastify'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest'
import { suspendPrincipal } from '../../src/control-plane/principal-life.js'
import { openEventStream } from '../../src/http/event-stream.js'
import { cancellation, type HttpDesk, openHttpDesk } from './http-desk.js'

let desk: HttpDesk
beforeAll(async () => {
  desk = await openHttpDesk()
})
afterAll(() => desk.close())

let app: FastifyInstance
let url: string
beforeEach(async () => {
  app = await desk.serve(desk.plane)
  url = await app.listen({ host: '127.0.0.1', port: 0 })
})
afterEach(() => app.close())

/** Far longer than it takes where there is not much else to do. */
const soon = 20_000
const every = ['approvals', 'attention', 'actions', 'stops', 'reviews']

/** Opens a stream as a client does; what arrives is in `events`. */
async function watch(token: string | undefined) {
  const asked = request(`${url}/v1/events`, { headers: { authorization: `Bearer ${token}` } })
  asked.on('error', () => undefined)
  asked.end()
  const [response] = (await once(asked, 'response')) as [IncomingMessage]
  const stream = { status: response.statusCode, headers: response.headers, text: '', ended: false }
  response.setEncoding('utf8')
  response.on('data', (text) => {
    stream.text += text
  })
  response.on('close', () => {
    stream.ended = true
  })
  response.on('error', () => undefined)
  return {
    stream,
    topics: () =>
      [...stream.text.matchAll(/^event: change\ndata: (.*)$/gm)].map(([, data]) => JSON.parse(data ?? '').topics),
    leave: () => asked.destroy(),
  }
}

describe('whoever watches', () => {
  test('is told what to look at: everything at first, then what changes', async () => {
    const { stream, topics, leave } = await watch(desk.tokens.ann)
    expect(stream).toMatchObject({ status: 200, headers: { 'content-type': 'text/event-stream' } })
    await vi.waitFor(() => expect(topics()).toEqual([every]), soon)
    const { body } = await desk.submit(cancellation('watched'))
    await desk.askPeople(body)
    await vi.waitFor(() => expect(topics().slice(1).flat()).toContain('approvals'), soon)
    expect(stream.text).not.toContain(body.id)
    expect(topics().slice(1).flat()).not.toContain('stops')
    leave()
  })

  test('hears nothing of another tenant', async () => {
    const there = await watch(desk.tokens.zoe)
    const here = await watch(desk.tokens.ann)
    const { body } = await desk.submit(cancellation('elsewhere'))
    await desk.askPeople(body)
    await vi.waitFor(() => expect(here.topics().length).toBeGreaterThan(1), soon)
    expect(there.topics()).toEqual([every])
    for (const { leave } of [here, there]) leave()
  })

  test('is a person: an agent and a stranger are refused', async () => {
    expect(await desk.call('GET', '/v1/events', { token: desk.tokens.desk })).toMatchObject({
      status: 403,
      body: { code: 'EXQ-2002' },
    })
    expect(await desk.call('GET', '/v1/events')).toMatchObject({ status: 401 })
  })

  test('does so in eight places at most, and in another once one of them is left', async () => {
    const places = await Promise.all(Array.from({ length: 8 }, () => watch(desk.tokens.bob)))
    const ninth = await watch(desk.tokens.bob)
    expect(ninth.stream.status).toBe(429)
    await vi.waitFor(() => expect(ninth.stream.text).toContain('EXQ-5042'), soon)
    places.pop()?.leave()
    const again = await vi.waitFor(async () => {
      const place = await watch(desk.tokens.bob)
      expect(place.stream.status).toBe(200)
      return place
    }, soon)
    for (const { leave } of [...places, again]) leave()
  })

  test('hears no more once suspended, and sees until then that the server is there', async () => {
    const { stream } = await watch(desk.tokens.eve)
    await vi.waitFor(() => expect(stream.text).toContain(': still here'), soon)
    await suspendPrincipal(desk.plane, { tenant: 'acme', principal: 'person:eve', reason: 'Left.', by: 'test' })
    await vi.waitFor(() => expect(stream.ended).toBe(true), soon)
  })

  test('does not hold up the end of the server', async () => {
    const { stream } = await watch(desk.tokens.ann)
    await app.close()
    await vi.waitFor(() => expect(stream.ended).toBe(true), soon)
  })
})

describe('a stream', () => {
  test('makes one event of what changes at once, and keeps the order of topics', async () => {
    const stream = openEventStream(20)
    stream.tell({ topics: ['stops'] })
    for (const topic of ['reviews', 'actions', 'reviews'] as const) stream.tell({ topics: [topic] })
    await vi.waitFor(() => {
      stream.tell({ topics: [] })
      expect(stream.body.readableLength).toBeGreaterThan(100)
    }, soon)
    expect(String(stream.body.read())).toBe(
      'retry: 2000\n\nevent: change\ndata: {"topics":["stops"]}\n\nevent: change\ndata: {"topics":["actions","reviews"]}\n\n',
    )
    stream.body.destroy()
  })

  test('holds little for a client that does not read, and drops it', async () => {
    const stream = openEventStream(0)
    const telling = setInterval(() => stream.tell({ topics: ['actions'] }), 0)
    const body = stream.body as PassThrough
    await vi.waitFor(() => expect(body.writableNeedDrain).toBe(true), soon)
    for (let told = 0; told < 100_000; told += 1) stream.tell({ topics: ['actions'] })
    expect(stream.body.readableLength).toBeLessThan(100_000)
    clearInterval(telling)
    for (let beat = 0; beat < 3; beat += 1) {
      expect(stream.body.destroyed).toBe(false)
      stream.beat()
    }
    expect(stream.body.destroyed).toBe(true)
  })
})
