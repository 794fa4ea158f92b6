import { NativeConnection } from '@temporalio/worker'
import { ExequaturError } from '../domain/errors.js'

export interface TemporalTarget {
  readonly address: string
  readonly namespace: string
  /** For Temporal Cloud; switches TLS on. */
  readonly apiKey?: string | undefined
}

/** Connects to Temporal. Throws `EXQ-7003`. Workers and clients of one process share it, so that workflows start eagerly. */
export async function connectTemporal(target: TemporalTarget): Promise<NativeConnection> {
  try {
    return await NativeConnection.connect({
      address: target.address,
      ...(target.apiKey && { apiKey: target.apiKey, tls: true }),
    })
  } catch (error) {
    throw new ExequaturError('EXQ-7003', target.address, [], { cause: error })
  }
}
