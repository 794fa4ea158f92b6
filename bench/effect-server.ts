import { appendFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { endWithParent } from '../src/parent-watch.js'

/** The system the bench's own tools act on: one line per effect. As quick as can be, so that it hides none of our cost. */
interface Effect {
  readonly key: string
  readonly item: string
  readonly amount_cents: number
  /** Milliseconds since 1970, with fractions. */
  readonly at: number
}

endWithParent()
const file = process.argv[2]
if (!file) throw new Error('usage: effect-server.ts FILE')
const keys = new Set<string>()
const byItem = new Map<string, Effect[]>()

const server = createServer((request, response) => {
  const chunks: Buffer[] = []
  request.on('data', (chunk: Buffer) => chunks.push(chunk))
  request.on('end', () => {
    const { searchParams } = new URL(request.url ?? '/', 'http://localhost')
    if (request.method === 'POST') apply(JSON.parse(Buffer.concat(chunks).toString()))
    response.setHeader('content-type', 'application/json')
    response.end(JSON.stringify(byItem.get(searchParams.get('item') ?? '') ?? []))
  })
})
server.listen(0, '127.0.0.1', () => {
  const { port } = server.address() as AddressInfo
  process.stdout.write(`${JSON.stringify({ ready: 'effect-server', url: `http://127.0.0.1:${port}` })}\n`)
})

function apply(asked: Omit<Effect, 'at'>): void {
  if (keys.has(asked.key)) return
  keys.add(asked.key)
  appendFileSync(file as string, `${JSON.stringify(asked)}\n`)
  const effect = { ...asked, at: performance.timeOrigin + performance.now() }
  byItem.set(asked.item, [...(byItem.get(asked.item) ?? []), effect])
}
