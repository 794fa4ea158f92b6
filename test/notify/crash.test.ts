import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { setTimeout as pause } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type OutboxDesk, openOutboxDesk } from './outbox-desk.js'
import { openReceiver, type Receiver } from './receiver.js'

let desk: OutboxDesk
let receiver: Receiver
beforeAll(async () => {
  desk = await openOutboxDesk()
  receiver = await openReceiver()
})
afterAll(async () => {
  await receiver.shut()
  await desk.close()
})

function send() {
  const file = fileURLToPath(new URL('fixtures/sending-process.ts', import.meta.url))
  const args = ['--import', 'tsx', file, desk.database.ownerUrl, receiver.url]
  return spawn(process.execPath, args, { stdio: ['ignore', 'inherit', 'inherit'] })
}

test('what is sent when the process dies before it notes so is sent once more, under the same id, and nothing is lost', async () => {
  const asked = [await desk.ask(), await desk.ask(), await desk.ask()].map(({ approval }) => approval)
  await desk.route({ default: ['webhook'], groups: {} })

  const first = send()
  // The second one has arrived: the sender is killed before it can know.
  receiver.behaviour.answer = (response, { body }) => {
    if (body.subject === asked[1]) first.kill('SIGKILL')
    else response.writeHead(204).end()
  }
  expect(await once(first, 'exit')).toEqual([null, 'SIGKILL'])
  expect(receiver.received.map(({ body }) => body.subject)).toEqual(asked.slice(0, 2))

  receiver.behaviour.answer = (response) => void response.writeHead(204).end()
  await pause(1_100)
  expect(await once(send(), 'exit')).toEqual([0, null])
  const idsOf = (subject: string) =>
    receiver.received.filter(({ body }) => body.subject === subject).map(({ headers }) => headers['webhook-id'])
  const ids = asked.map(idsOf)
  expect(ids.map(({ length }) => length)).toEqual([1, 2, 1])
  expect(ids[1]?.[0]).toBe(ids[1]?.[1])
  expect(new Set(ids.flat()).size).toBe(3)
  expect(await desk.rows('select state, tries from deliveries order by seq')).toEqual([
    { state: 'delivered', tries: 1 },
    { state: 'delivered', tries: 2 },
    { state: 'delivered', tries: 1 },
  ])
})
