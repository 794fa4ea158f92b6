import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createRemoteJWKSet, type JWTPayload, jwtVerify } from 'jose'

/** A system that believes the tokens of one issuer, if they are for it, live, and of the right scope. */
export interface FlagService {
  readonly url: string
  readonly audience: string
  /** The claims of every token it let in. */
  readonly let_in: JWTPayload[]
  readonly close: () => Promise<void>
}

export async function startFlagService(issuer: {
  readonly url: string
  readonly jwksUrl: string
}): Promise<FlagService> {
  const keys = createRemoteJWKSet(new URL(issuer.jwksUrl))
  const audience = `${issuer.url}/flags`
  const let_in: JWTPayload[] = []
  const server = createServer(async (request, response) => {
    const token = request.headers.authorization?.replace(/^Bearer /, '') ?? ''
    const needed = request.method === 'GET' ? 'flags:read' : 'flags:write'
    try {
      const { payload } = await jwtVerify(token, keys, { issuer: issuer.url, audience })
      if (!String(payload.scope).split(' ').includes(needed)) throw new Error('the scope')
      let_in.push(payload)
      response.writeHead(200).end('{}')
    } catch (error) {
      response.writeHead(401).end(JSON.stringify({ why: (error as Error).message, token }))
    }
  })
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    audience,
    let_in,
    close: () => new Promise((done) => server.close(() => done()) && server.closeAllConnections()),
  }
}
