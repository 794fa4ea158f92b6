import proto from '@temporalio/proto'
import type { NativeConnection } from '@temporalio/worker'
import { searchAttributeNames } from './search-attributes.js'

const keyword = proto.temporal.api.enums.v1.IndexedValueType.INDEXED_VALUE_TYPE_KEYWORD

/** Adds our search attributes to a namespace that lacks them. */
export async function registerSearchAttributes(connection: NativeConnection, namespace: string): Promise<void> {
  const { customAttributes } = await connection.operatorService.listSearchAttributes({ namespace })
  const missing = searchAttributeNames.filter((name) => !customAttributes?.[name])
  if (missing.length === 0) return
  const searchAttributes = Object.fromEntries(missing.map((name) => [name, keyword]))
  await connection.operatorService.addSearchAttributes({ namespace, searchAttributes })
}
