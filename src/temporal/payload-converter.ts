import { DefaultPayloadConverter, type Payload, type PayloadConverter } from '@temporalio/common'

/** What an unreadable payload reads as. */
export const unreadable = { undecodable: true } as const

const standard = new DefaultPayloadConverter()

/**
 * Never throws when it reads: anyone who may write to the namespace can send bytes that no converter knows, and a
 * throw would wedge the workflow before its handlers run.
 */
export const payloadConverter: PayloadConverter = {
  toPayload: (value) => standard.toPayload(value),
  fromPayload: <T>(payload: Payload): T => {
    try {
      return standard.fromPayload<T>(payload)
    } catch {
      return unreadable as T
    }
  },
}
