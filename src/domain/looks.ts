import type { Change } from './amendment.js'
import type { Contract, Pointer, Range } from './contract.js'
import { at, type Json, type JsonObject } from './json.js'

/** How old a look may be that a call rests on, by the ledger's clock; `fence_look` of the ledger knows the same. */
export const freshLookMs = 5_000

/** Does a contract want the observation made again right before its call? */
export function isRechecked({ preconditions, touches }: Contract): boolean {
  return preconditions !== undefined || touches !== undefined
}

/** How many objects a pointer leads to: a whole number, or the length of a list. Null where it leads to neither. */
export function objectsAt(document: unknown, pointer: Pointer): number | null {
  const found = at(document, pointer)
  if (Array.isArray(found)) return found.length
  return typeof found === 'number' && Number.isSafeInteger(found) && found >= 0 ? found : null
}

/** What of a look differs from the one that was decided on, in the preconditions; `same` compares two values. */
export function movedPreconditions(
  { preconditions = [] }: Contract,
  decided: JsonObject,
  newest: JsonObject,
  same: (one: Json, other: Json) => boolean,
): Change[] {
  return preconditions.flatMap((pointer) => changeAt(pointer, decided, newest, same))
}

/** That a call would touch more objects than the round was decided on; empty where it would not. */
export function grownTouches({ touches }: Contract, decided: JsonObject, newest: JsonObject): Change[] {
  if (!touches) return []
  const [before, after] = [decided, newest].map((observed) => objectsAt({ observed }, touches.observed))
  if (typeof before === 'number' && typeof after === 'number' && after <= before) return []
  return [{ pointer: touches.observed, before: before ?? null, after: after ?? null }]
}

/** How many objects a call says that it touched, where that is more than were observed; null where it is not. */
export function touchedTooMany(
  { touches }: Contract,
  observed: JsonObject | null,
  output: JsonObject | null,
): { readonly pointer: Pointer; readonly atMost: number; readonly touched: number } | null {
  if (touches?.output === undefined) return null
  const touched = objectsAt({ output }, touches.output)
  const atMost = objectsAt({ observed }, touches.observed) ?? 0
  return touched !== null && touched > atMost ? { pointer: touches.output, atMost, touched } : null
}

/** Is a value a whole number within a range? */
export function isWithin({ minimum, maximum }: Range, value: Json): boolean {
  if (typeof value !== 'number' || !Number.isSafeInteger(value)) return false
  return (minimum === undefined || value >= minimum) && (maximum === undefined || value <= maximum)
}

function changeAt(
  pointer: Pointer,
  decided: JsonObject,
  newest: JsonObject,
  same: (one: Json, other: Json) => boolean,
): Change[] {
  const [before, after] = [decided, newest].map((observed) => at({ observed }, pointer))
  if (before === undefined && after === undefined) return []
  if (before !== undefined && after !== undefined && same(before, after)) return []
  return [{ pointer, ...(before !== undefined && { before }), ...(after !== undefined && { after }) }]
}
