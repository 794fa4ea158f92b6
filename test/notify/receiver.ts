import { once } from 'node:events'
import { createServer, type IncomingHttpHeaders, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

export interface Received {
  readonly headers: IncomingHttpHeaders
  readonly text: string
  // biome-ignore lint/suspicious/noExplicitAny: a body is what the test says it is
  readonly body: any
}

/** A real receiver of webhooks: it keeps what it gets, answers as it is told, and can be shut and opened again. */
export async function openReceiver() {
  const received: Received[] = []
  const behaviour = { answer: (response: ServerResponse, _got: Received): void => void response.writeHead(204).end() }
  const make = () =>
    createServer(async (request, response) => {
      const chunks: Buffer[] = []
      for await (const chunk of request) chunks.push(chunk as Buffer)
      const text = Buffer.concat(chunks).toString()
      const got = { headers: request.headers, text, body: JSON.parse(text) }
      received.push(got)
      behaviour.answer(response, got)
    })
  let server: Server
  let port = 0
  const open = async () => {
    const deadline = performance.now() + 20_000
    for (;;) {
      server = make()
      server.listen(port, '127.0.0.1')
      const failure = await once(server, 'listening').then(
        () => null,
        (error: NodeJS.ErrnoException) => error,
      )
      if (!failure) break
      // Somebody else may have its port for a while.
      if (failure.code !== 'EADDRINUSE' || performance.now() > deadline) throw failure
      await new Promise((done) => setTimeout(done, 200))
    }
    port = (server.address() as AddressInfo).port
  }
  const shut = async () => {
    server.closeAllConnections()
    server.close()
    await once(server, 'close')
  }
  await open()
  return { url: `http://127.0.0.1:${port}/hooks`, received, behaviour, open, shut }
}

export type Receiver = Awaited<ReturnType<typeof openReceiver>>
