import { once } from 'node:events'
import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'

interface Payment {
  readonly id: string
  readonly key: string | null
  readonly account: string
  undone: number
}

/** A downstream with books of its own: it takes payments, honours keys where they come, and gives payments back. */
export interface Till {
  readonly url: string
  readonly token: string
  /** How often something was paid for an account, and how often it was given back. */
  readonly count: (account: string) => { readonly made: number; readonly undone: number }
  readonly close: () => Promise<void>
}

export async function openTill(): Promise<Till> {
  const payments: Payment[] = []
  const undoKeys = new Set<string>()
  const token = 'till_token_1f8a2c'
  const pay = (account: string, key: string | null): Payment => {
    const known = key !== null && payments.find((payment) => payment.key === key)
    if (known) return known
    const payment = { id: `pay_${payments.length + 1}`, key, account, undone: 0 }
    payments.push(payment)
    return payment
  }
  const undo = (id: string, key: string | null): Payment | undefined => {
    const payment = payments.find((each) => each.id === id)
    if (payment && !(key !== null && (undoKeys.has(key) || payment.undone > 0))) payment.undone += 1
    if (key !== null) undoKeys.add(key)
    return payment
  }
  const answer = async (request: IncomingMessage): Promise<[number, unknown]> => {
    if (request.headers.authorization !== `Bearer ${token}`) return [401, { message: 'who are you?' }]
    const url = new URL(request.url ?? '', 'http://till')
    const key = (request.headers['idempotency-key'] as string | undefined) ?? null
    const [, , id, verb] = url.pathname.split('/')
    if (request.method === 'GET') {
      const [[field, value] = ['id', id]] = url.searchParams
      const found = payments.filter((payment) => value === undefined || payment[field as 'id'] === value)
      return [200, found]
    }
    if (verb === 'undo') {
      const undone = undo(id ?? '', key)
      return undone ? [200, undone] : [404, { message: 'there is no such payment' }]
    }
    const { account } = JSON.parse(await textOf(request)) as { account: string }
    return [200, pay(account, key)]
  }
  const server = createServer((request, response) => {
    void answer(request).then(([status, body]) => {
      response.writeHead(status, { 'content-type': 'application/json' })
      response.end(JSON.stringify(body))
    })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    token,
    count: (account) => {
      const of = payments.filter((payment) => payment.account === account)
      return { made: of.length, undone: of.reduce((sum, { undone }) => sum + undone, 0) }
    },
    close: async () => {
      server.closeAllConnections()
      await new Promise((done) => server.close(done))
    },
  }
}

async function textOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk as Buffer)
  return Buffer.concat(chunks).toString('utf8')
}
