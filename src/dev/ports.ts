import { createServer } from 'node:net'

/**
 * A TCP port on 127.0.0.1 that nobody listens on: the preferred one if it is free, else one the system picks.
 * Another process may take it before the caller listens, so whoever starts a server on it tries again with another.
 */
export async function freePort(preferred?: number): Promise<number> {
  if (preferred !== undefined && preferred > 0) {
    const taken = await listenOnce(preferred)
    if (taken !== undefined) return taken
  }
  const picked = await listenOnce(0)
  if (picked === undefined) throw new Error('The system has no free TCP port on 127.0.0.1')
  return picked
}

/** Two that the system picks, and that differ. */
export async function twoFreePorts(): Promise<readonly [number, number]> {
  const one = await freePort()
  let another = one
  while (another === one) another = await freePort()
  return [one, another]
}

function listenOnce(port: number): Promise<number | undefined> {
  return new Promise((resolve) => {
    const server = createServer()
    server.once('error', () => resolve(undefined))
    server.listen({ port, host: '127.0.0.1', exclusive: true }, () => {
      const address = server.address()
      server.close(() => resolve(typeof address === 'object' && address !== null ? address.port : undefined))
    })
  })
}
