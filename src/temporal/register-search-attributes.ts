import { setTimeout as pause } from 'node:timers/promises'
import proto from '@temporalio/proto'
import type { NativeConnection } from '@temporalio/worker'
import { searchAttributes } from './search-attributes.js'

const { INDEXED_VALUE_TYPE_KEYWORD, INDEXED_VALUE_TYPE_KEYWORD_LIST } = proto.temporal.api.enums.v1.IndexedValueType
const types = { KEYWORD: INDEXED_VALUE_TYPE_KEYWORD, KEYWORD_LIST: INDEXED_VALUE_TYPE_KEYWORD_LIST }

/** Adds our search attributes to a namespace that lacks them. */
export async function registerSearchAttributes(connection: NativeConnection, namespace: string): Promise<void> {
  const present = await presentAttributes(connection, namespace)
  const missing = Object.values(searchAttributes).filter(({ name }) => !present[name])
  if (missing.length === 0) return
  await connection.operatorService.addSearchAttributes({
    namespace,
    searchAttributes: Object.fromEntries(missing.map(({ name, type }) => [name, types[type]])),
  })
}

// The namespace of a new development server appears a moment after the server begins to answer.
const patienceMs = 10_000

async function presentAttributes(connection: NativeConnection, namespace: string): Promise<Record<string, unknown>> {
  const deadline = performance.now() + patienceMs
  for (;;) {
    try {
      return (await connection.operatorService.listSearchAttributes({ namespace })).customAttributes
    } catch (error) {
      if (performance.now() > deadline) throw error
      await pause(50)
    }
  }
}
