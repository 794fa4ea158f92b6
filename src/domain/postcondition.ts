import type { Postcondition } from './contract.js'
import { at, isObject, type Json, type JsonObject } from './json.js'

/** What a postcondition points into. */
export interface Known {
  readonly args: JsonObject
  readonly output: JsonObject | null
  readonly observed: JsonObject | null
}

/**
 * Does what was found fulfil the postcondition, and what had it to be? A pointer that leads to nothing in this call (an
 * optional argument that was left out, an answer that was lost) demands nothing.
 */
export function compare(
  postcondition: Postcondition,
  known: Known,
  found: JsonObject,
): { readonly holds: boolean; readonly claimed: JsonObject } {
  const claimed: Record<string, Json> = {}
  let holds = true
  for (const [field, expected] of Object.entries(postcondition)) {
    const present = Object.hasOwn(found, field) ? found[field] : undefined
    if ('one_of' in expected) {
      claimed[field] = expected.one_of
      holds &&= expected.one_of.some((value) => isSame(value, present))
      continue
    }
    const wanted = at(known, expected.equals)
    if (wanted === undefined) continue
    claimed[field] = wanted
    holds &&= isSame(wanted, present)
  }
  return { holds, claimed }
}

function isSame(one: unknown, other: unknown): boolean {
  if (Array.isArray(one) && Array.isArray(other))
    return one.length === other.length && one.every((value, index) => isSame(value, other[index]))
  if (!isObject(one) || !isObject(other)) return one === other
  const keys = Object.keys(one)
  return (
    keys.length === Object.keys(other).length &&
    keys.every((key) => Object.hasOwn(other, key) && isSame(one[key], other[key]))
  )
}
