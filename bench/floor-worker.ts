import { NativeConnection, Worker } from '@temporalio/worker'
import type { Tool, ToolCall } from 'exequatur'
import { at, type JsonObject } from '../src/domain/json.js'
import { endWithParent } from '../src/parent-watch.js'
import { dataConverter } from '../src/temporal/data-converter.js'
import { type Call, type CallPhase, effectQueue } from './floor-shape.js'
import { tools } from './tools.js'

/** The second process of the floors: calls the same tools as an executor does, without asking anybody. */
endWithParent()
const byName = new Map(tools.map((tool) => [tool.contract.name, tool]))
const connection = await NativeConnection.connect({ address: process.env.EXEQUATUR_TEMPORAL_ADDRESS ?? '' })
const worker = await Worker.create({
  connection,
  taskQueue: effectQueue,
  dataConverter,
  activities: Object.fromEntries(tools.map((tool) => [tool.contract.name, run(tool)])),
})
const ended = worker.run()
process.stdout.write(`${JSON.stringify({ ready: 'floor-worker' })}\n`)
await ended
await connection.close()

function run(tool: Tool) {
  return async ({ phase, args, key, output }: Call & { phase: CallPhase; output: unknown }): Promise<unknown> => {
    const call: ToolCall = {
      idempotencyKey: key,
      credentials: { stripe: process.env.STRIPE_API_KEY ?? '' },
      signal: AbortSignal.timeout(10_000),
      tenant: 'acme',
      actionId: key,
    }
    switch (phase) {
      case 'execute':
        return tool.execute(args, call)
      case 'verify':
        return tool.verify?.(args, output, call)
      case 'observe': {
        const observed = byName.get(tool.contract.observe?.tool ?? '')
        return observed?.execute(observationArgs(tool, args), call)
      }
    }
  }
}

function observationArgs(tool: Tool, args: JsonObject): JsonObject {
  const pointers = Object.entries(tool.contract.observe?.args ?? {})
  return JSON.parse(
    JSON.stringify(Object.fromEntries(pointers.map(([name, pointer]) => [name, at({ args }, pointer)]))),
  )
}
