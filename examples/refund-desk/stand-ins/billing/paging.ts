import type { Call } from '../call.js'
import type { Reply } from '../reply.js'
import { badParameter, missing } from './errors.js'
import { listObject } from './objects.js'
import { positiveInteger } from './parameters.js'

/** The page of a list a caller asked for with `limit`, `starting_after` or `ending_before`; newest first. */
export function page<Row extends { id: string }>(
  call: Call,
  oldestFirst: Iterable<Row>,
  show: (row: Row) => object,
): Reply {
  const rows = [...oldestFirst].reverse()
  const limit = positiveInteger(call, 'limit') ?? 10
  if (limit > 100) throw badParameter('limit', 'This value must be less than or equal to 100.')
  const after = position(call, rows, 'starting_after')
  const before = position(call, rows, 'ending_before')
  const rest = before === undefined ? rows.slice((after ?? -1) + 1) : rows.slice(0, before)
  const chosen = before === undefined ? rest.slice(0, limit) : rest.slice(-limit)
  return { status: 200, body: listObject(call.path, chosen.map(show), chosen.length < rest.length) }
}

function position<Row extends { id: string }>(call: Call, rows: Row[], cursor: string): number | undefined {
  const id = call.fields.get(cursor)
  if (id === undefined) return undefined
  const index = rows.findIndex((row) => row.id === id)
  if (index < 0) throw missing('object', id, cursor)
  return index
}
