import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

/** Where a browser comes back to on this machine, once (RFC 8252). */
export interface Callback {
  readonly redirectUri: string
  /** What the issuer sent along; null where nobody came in time. */
  readonly answer: Promise<URLSearchParams | null>
  readonly close: () => void
}

/** Waits on a free port of this machine only. `state` is what the right answer carries: any other is nobody's. */
export async function awaitCallback(state: string, withinMs: number): Promise<Callback> {
  let settle: (answer: URLSearchParams | null) => void = () => undefined
  const answer = new Promise<URLSearchParams | null>((resolve) => {
    settle = resolve
  })
  const server = createServer((request, response) => {
    const url = new URL(request.url ?? '/', 'http://127.0.0.1')
    const ours = url.pathname === '/callback' && url.searchParams.get('state') === state
    response.writeHead(ours ? 200 : 404, { 'content-type': 'text/plain; charset=utf-8', connection: 'close' })
    response.end(ours ? 'Exequatur has the answer. This page can be closed.\n' : 'Nothing here.\n')
    if (ours) settle(url.searchParams)
  })
  await new Promise<void>((listening, failed) => {
    server.once('error', failed)
    server.listen(0, '127.0.0.1', listening)
  })
  const timer = setTimeout(() => settle(null), withinMs)
  const { port } = server.address() as AddressInfo
  return {
    redirectUri: `http://127.0.0.1:${port}/callback`,
    answer,
    close: () => {
      clearTimeout(timer)
      server.close()
    },
  }
}
