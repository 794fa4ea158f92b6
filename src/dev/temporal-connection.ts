import { connect } from 'node:net'
import { Connection } from '@temporalio/client'

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
