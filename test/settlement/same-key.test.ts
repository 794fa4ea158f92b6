import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import type { Tool, ToolCall } from '../../src/contract/tool.js'
import { openRoom, type Room, refund } from '../attacks/room.js'

let room: Room
let keys: { readonly at: 'execute' | 'verify' | 'compensate'; readonly key: string }[]
beforeAll(async () => {
  room = await openRoom()
})
afterAll(() => room?.close())
beforeEach(() => {
  keys = []
})

/** An executor of a deployment of this name, whose tools note the keys that they are given. */
function executorOf(deployment: string) {
  const noting = (tool: Tool): Tool => {
    const note = (at: (typeof keys)[number]['at'], { idempotencyKey: key }: ToolCall) => keys.push({ at, key })
    const { verify, compensate } = tool
    return {
      ...tool,
      execute: (args, call) => {
        note('execute', call)
        return tool.execute(args, call)
      },
      verify:
        verify &&
        (async (args, output, call) => {
          note('verify', call)
          return verify(args, output, call)
        }),
      compensate:
        compensate &&
        (async (args, output, call) => {
          note('compensate', call)
          return compensate(args, output, call)
        }),
    }
  }
  const tools = new Map([...room.downstream.tools()].map(([digest, tool]) => [digest, noting(tool)]))
  return { deployment, tools }
}

const keysAt = (at: (typeof keys)[number]['at']) => keys.filter((each) => each.at === at).map(({ key }) => key)
const recorded = async (id: string) => {
  const rows = await room.intruders.owner<{ phase: string; key: string }>(
    `select phase, idempotency_key as key from intents where action_id = $1 and phase <> 'observe'`,
    [id],
  )
  return Object.fromEntries(rows.map(({ phase, key }) => [phase, key]))
}

test('a call that is tried again by an executor of a deployment of another name has the key of its first attempt', async () => {
  const id = await room.ask(refund())
  room.downstream.faults.push('loses the call')
  expect(await room.goOn(id, executorOf('before'))).toBe('later')
  expect(await room.effect('refund_invoice', { action_id: id }, executorOf('after'))).toBe('committed')
  const { execute } = await recorded(id)
  expect(keysAt('execute').slice(-2)).toEqual([execute, execute])
})

test('a look asks for the key under which the call was sent, and so does an undoing', async () => {
  const id = await room.ask(refund())
  expect(await room.goOn(id, executorOf('before'))).toBe('committed')
  expect(await room.effect('refund_invoice/verify', { action_id: id }, executorOf('after'))).toBe('committed')
  await room.intruders.owner(`insert into halts (tenant, action_id, halt) values ('acme', $1, 'failed')`, [id])
  const undo = { action_id: id, phase: 'compensate' } as const
  room.downstream.faults.push('loses the call')
  expect(await room.effect('refund_invoice/compensate', undo, executorOf('after'))).toBe('later')
  expect(await room.effect('refund_invoice/compensate', undo, executorOf('later'))).toBe('committed')
  await room.effect('refund_invoice/verify', undo, executorOf('last'))
  const { execute, compensate } = await recorded(id)
  expect(keysAt('compensate')).toEqual([compensate, compensate])
  // The tool has no look of its own for an undoing: it is asked whether what was done is still there.
  expect(keysAt('verify')).toEqual([execute, execute])
})
