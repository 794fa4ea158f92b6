import type { Tool } from '../contract/tool.js'
import type { Json, JsonObject } from '../domain/json.js'

const far = 999_999_999

/**
 * The output that a call with other arguments might have had: what it repeats of its arguments follows them, and whatever
 * else names something names what is not there, as far as the contract takes it.
 */
export function outputOfNothing(tool: Tool, output: JsonObject, from: JsonObject, to: JsonObject): JsonObject {
  const names = new Map(Object.entries(from).map(([field, value]) => [value, to[field]]))
  let made: JsonObject = output
  for (const [field, value] of Object.entries(output)) {
    const other = names.has(value) ? names.get(value) : elsewhere(value)
    if (other === undefined) continue
    const changed = { ...made, [field]: other }
    if (fits(tool, changed)) made = changed
  }
  return made
}

function elsewhere(value: Json): Json | undefined {
  if (typeof value === 'string') return `${value}${far}`
  return typeof value === 'number' ? value + far : undefined
}

function fits(tool: Tool, output: JsonObject): boolean {
  try {
    tool.parseOutput(output)
    return true
  } catch {
    return false
  }
}
