import { createServer, type Server } from 'node:net'
import { afterEach, expect, test } from 'vitest'
import { freePort } from '../../src/dev/ports.js'

const servers: Server[] = []

afterEach(() => {
  for (const server of servers.splice(0)) server.close()
})

test('a preferred port that is free is the one given', async () => {
  const port = await freePort()
  expect(await freePort(port)).toBe(port)
})

test('a preferred port that is taken is replaced by another', async () => {
  const port = await freePort()
  await listen(port)
  const other = await freePort(port)
  expect(other).not.toBe(port)
  await listen(other)
})

function listen(port: number): Promise<void> {
  const server = createServer()
  servers.push(server)
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, '127.0.0.1', resolve)
  })
}
