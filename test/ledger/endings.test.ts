import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'
import { setTimeout as pause } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openLedgerNews } from '../../src/ledger/ledger-news.js'
import { freshDatabase, type TestDatabase } from '../_util/database.js'

let database: TestDatabase
beforeAll(async () => {
  database = await freshDatabase()
})
afterAll(() => database.drop())

/** A door to Postgres that can be shut; it counts who knocks. */
async function openDoor(url: URL) {
  const door = { shut: false, knocks: 0, url: '', close: async () => {} }
  const sockets = new Set<Socket>()
  const server = createServer((socket) => {
    door.knocks += 1
    socket.on('error', () => undefined)
    if (door.shut) return void socket.destroy()
    const inside = connect(Number(url.port), url.hostname)
    inside.on('error', () => socket.destroy())
    for (const end of [socket, inside]) sockets.add(end)
    socket.pipe(inside).pipe(socket)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const own = new URL(url)
  own.port = String((server.address() as AddressInfo).port)
  door.url = own.href
  door.close = async () => {
    for (const socket of sockets) socket.destroy()
    server.close()
    await once(server, 'close')
  }
  return { door, cut: () => sockets.forEach((socket) => void socket.destroy()) }
}

describe('who listens to the ledger', () => {
  test('is woken by a notification, and knocks about once a second while Postgres is away', async () => {
    const { door, cut } = await openDoor(new URL(database.ownerUrl))
    const news = await openLedgerNews(door.url)
    const looks: unknown[] = []
    news.subscribe('acme', (change) => looks.push(change))
    door.shut = true
    door.knocks = 0
    cut()
    await pause(5_500)
    expect(door.knocks).toBeGreaterThan(0)
    expect(door.knocks).toBeLessThan(10)

    door.shut = false
    const expected = news.expect('acme/act_1', 20_000)
    await expected.over
    // Whatever changed meanwhile was not told: everything is looked at.
    expect(looks).toEqual([{ topics: ['approvals', 'attention', 'actions', 'stops', 'reviews'] }])
    const again = news.expect('acme/act_2', 20_000)
    const woken = again.over.then(() => true)
    await database.serverPool.ofNobody.query("select pg_notify('exequatur_endings', 'acme/act_2')")
    expect(await Promise.race([woken, pause(15_000, false)])).toBe(true)
    await news.close()
    await door.close()
  })
})
