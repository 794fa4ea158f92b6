import { defaultPayloadConverter, type Payload } from '@temporalio/common'
import type { WorkflowInboundCallsInterceptor, WorkflowInterceptors } from '@temporalio/workflow'

// The header that the tracing interceptors read, with a converter that throws on what it cannot read.
const traceHeader = '_tracer-data'

/** Drops a trace header that cannot be read: sent by a stranger, it would wedge the workflow before its handlers run. */
function readable<Input extends { readonly headers: Record<string, Payload> }>(input: Input): Input {
  const { [traceHeader]: trace, ...headers } = input.headers
  if (!trace) return input
  try {
    defaultPayloadConverter.fromPayload(trace)
    return input
  } catch {
    return { ...input, headers }
  }
}

const inbound: WorkflowInboundCallsInterceptor = {
  execute: (input, next) => next(readable(input)),
  handleSignal: (input, next) => next(readable(input)),
  handleUpdate: (input, next) => next(readable(input)),
  validateUpdate: (input, next) => next(readable(input)),
  handleQuery: (input, next) => next(readable(input)),
}

/** Stands before the tracing interceptors. */
export const interceptors = (): WorkflowInterceptors => ({ inbound: [inbound] })
