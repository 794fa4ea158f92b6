import { defaultPayloadConverter, type Payload } from '@temporalio/common'
import type { SignalInput } from '@temporalio/workflow'
import { describe, expect, test } from 'vitest'
import { interceptors } from '../../src/temporal/tracing-headers.js'

const header = '_tracer-data'
const evil: Payload = { metadata: { encoding: Buffer.from('binary/evil') }, data: Buffer.from('x') }
const broken: Payload = { metadata: { encoding: Buffer.from('json/plain') }, data: Buffer.from('{') }

/** The headers that the interceptors behind ours are given. */
async function passedOn(headers: Record<string, Payload>): Promise<Record<string, Payload>> {
  const [inbound] = interceptors().inbound ?? []
  let seen: Record<string, Payload> = {}
  await inbound?.handleSignal?.({ signalName: 'approval', args: [], headers }, async (input: SignalInput) => {
    seen = input.headers
  })
  return seen
}

describe('a trace header', () => {
  test.each([
    ['of an unknown encoding', evil],
    ['that is not what it says', broken],
  ])('%s is dropped before the tracing interceptors read it, and the others stay', async (_, payload) => {
    const other = defaultPayloadConverter.toPayload('kept')
    expect(await passedOn({ [header]: payload, other })).toEqual({ other })
  })

  test('that can be read is passed on', async () => {
    const trace = defaultPayloadConverter.toPayload({ traceparent: '00-1-1-01' })
    expect(await passedOn({ [header]: trace })).toEqual({ [header]: trace })
  })
})
