import { connect } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { Connection } from '@temporalio/client'

// temporal.api.enums.v1.IndexedValueType
const keyword = 2

/** Whether a Temporal server answers at the address within the time, in milliseconds. */
export async function temporalAnswers(address: string, timeout: number): Promise<boolean> {
  // A plain look first: gRPC waits a whole second after a connection was refused.
  if (!(await isListening(address))) return false
  try {
    const connection = await Connection.connect({ address, connectTimeout: timeout })
    await connection.close()
    return true
  } catch {
    return false
  }
}

function isListening(address: string): Promise<boolean> {
  const { hostname, port } = new URL(`tcp://${address}`)
  return new Promise((resolve) => {
    const socket = connect({ host: hostname, port: Number(port) })
    socket.once('connect', () => {
      socket.destroy()
      resolve(true)
    })
    socket.once('error', () => resolve(false))
  })
}

/** Adds the search attributes the namespace does not have yet, as Keyword. */
export async function registerSearchAttributes(
  address: string,
  namespace: string,
  names: readonly string[],
): Promise<void> {
  if (names.length === 0) return
  const connection = await Connection.connect({ address })
  try {
    const present = await listSearchAttributes(connection, namespace)
    const missing = names.filter((name) => !present.has(name))
    if (missing.length === 0) return
    await connection.operatorService.addSearchAttributes({
      namespace,
      searchAttributes: Object.fromEntries(missing.map((name) => [name, keyword])),
    })
  } finally {
    await connection.close()
  }
}

// The namespace itself appears a moment after the server begins to answer.
async function listSearchAttributes(connection: Connection, namespace: string): Promise<Set<string>> {
  const deadline = Date.now() + 10_000
  for (;;) {
    try {
      const { customAttributes } = await connection.operatorService.listSearchAttributes({ namespace })
      return new Set(Object.keys(customAttributes ?? {}))
    } catch (error) {
      if (Date.now() > deadline) throw error
      await sleep(50)
    }
  }
}
