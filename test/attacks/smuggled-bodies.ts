import { request } from 'node:http'
import type { AddressInfo } from 'node:net'
import { gzipSync } from 'node:zlib'
import type { Attack } from './attack.js'
import { cancellation, type Room } from './room.js'

/** Bodies that two readers could take for two things, or that no reader should have to take. `text` is a sound request. */
const bodies: Record<string, { readonly row: string; readonly body: (text: string) => string | Buffer }> = {
  'a name twice': { row: 'B1', body: (text) => text.replace('"args":{', '"tool":"erase_customer","args":{') },
  'a name twice, once escaped': {
    row: 'B1',
    body: (text) => text.replace('"args":{', '"args":{"subscription_\\u0069d":"sub_2",'),
  },
  'a name twice, deep inside': {
    row: 'B1',
    body: (text) => text.replace('"context":{', '"context":{"model":{"name":"a","name":"b"},'),
  },
  __proto__: {
    row: 'B2',
    body: (text) => text.replace('"args":{', '"args":{"__proto__":{"subscription_id":"sub_2"},'),
  },
  'the name constructor': {
    row: 'B2',
    body: (text) => text.replace('"args":{', '"args":{"constructor":{"prototype":{}},'),
  },
  '1e400': { row: 'B3', body: (text) => text.replace('"sub_1"', '1e400') },
  NaN: { row: 'B3', body: (text) => text.replace('"sub_1"', 'NaN') },
  'an integer beyond 2^53': { row: 'B4', body: (text) => text.replace('"sub_1"', '9007199254740993') },
  'a lone surrogate': { row: 'B6', body: (text) => text.replace('sub_1', 'sub_1\\ud800') },
  'a NUL': { row: 'B6', body: (text) => text.replace('sub_1', 'sub_1\\u0000') },
  'bytes that are not UTF-8': {
    row: 'B6',
    body: (text) => Buffer.concat([Buffer.from(text.slice(0, -1)), Buffer.from([0xff]), Buffer.from('}')]),
  },
  'a byte order mark': { row: 'B6', body: (text) => Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from(text)]) },
  'ten megabytes': { row: 'B7', body: (text) => text.replace('"sub_1"', `"${'x'.repeat(10 << 20)}"`) },
  'a hundred thousand levels': {
    row: 'B8',
    body: (text) => text.replace('"sub_1"', `${'['.repeat(100_000)}${']'.repeat(100_000)}`),
  },
  'a number for a text': { row: 'B10', body: (text) => text.replace('"sub_1"', '1') },
  'a list for a text': { row: 'B10', body: (text) => text.replace('"sub_1"', '["sub_1"]') },
  'a field nobody knows': { row: 'B10', body: (text) => text.replace('"args":{', '"args":{"admin":true,') },
}

export const smuggledBodies: readonly Attack<Room>[] = [
  {
    rows: ['B1', 'B2', 'B3', 'B4', 'B6', 'B7', 'B8', 'B10'],
    name: 'arguments are smuggled in: bodies that readers differ about, or that hurt to read',
    carryOut: async (room, tally) => {
      const url = await listening(room)
      for (const [what, { body }] of Object.entries(bodies)) {
        const before = await room.http.count('actions')
        const status = await post(url, room.http.tokens.desk, body(JSON.stringify(cancellation())))
        tally.attempt(`${what}: admitted`, (await room.http.count('actions')) > before)
        tally.attempt(`${what}: answered ${status}`, status >= 500 || status < 400)
      }
      tally.attempt('every object has more than it had', Object.hasOwn(Object.prototype, 'subscription_id'))
      const status = await post(url, room.http.tokens.desk, JSON.stringify(cancellation()))
      tally.control('a sound body', status === 202)
    },
  },
  {
    rows: ['B7'],
    name: 'a small body that unpacks into a large one, and one that never ends',
    carryOut: async (room, tally) => {
      const url = await listening(room)
      const before = await room.http.count('actions')
      const sound = JSON.stringify(cancellation())
      for (const bomb of [gzipSync(' '.repeat(200 << 20)), gzipSync(sound)]) {
        const resident = process.memoryUsage().rss
        const status = await post(url, room.http.tokens.desk, bomb, { 'content-encoding': 'gzip' })
        tally.attempt(`answered ${status}`, status < 400 || status >= 500)
        tally.attempt('it was unpacked', process.memoryUsage().rss - resident > 150 << 20)
      }
      const slow = dribble(url, room.http.tokens.desk)
      const status = await post(url, room.http.tokens.desk, sound)
      tally.control('somebody else is served meanwhile', status === 202)
      slow.destroy()
      tally.attempt('half a body was admitted', (await room.http.count('actions')) > before + 1)
    },
  },
]

async function listening(room: Room): Promise<URL> {
  const { server } = room.http.app
  if (!server.listening) await room.http.app.listen({ port: 0, host: '127.0.0.1' })
  return new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}/v1/actions`)
}

const headersOf = (token: string) => ({ authorization: `Bearer ${token}`, 'content-type': 'application/json' })

/** The status of the answer; 499 where the connection was closed on us, which is an answer too. */
function post(url: URL, token: string, body: string | Buffer, more: Record<string, string> = {}): Promise<number> {
  return new Promise((resolve) => {
    const headers = { ...headersOf(token), 'content-length': Buffer.byteLength(body), ...more }
    const sent = request(url, { method: 'POST', headers }, (answer) => {
      answer.resume()
      resolve(answer.statusCode ?? 0)
    })
    sent.once('error', () => resolve(499))
    sent.end(body)
  })
}

function dribble(url: URL, token: string) {
  const sent = request(url, { method: 'POST', headers: { ...headersOf(token), 'content-length': 100_000 } })
  sent.on('error', () => undefined)
  sent.write('{"tool":"cancel_subscription",')
  return sent
}
