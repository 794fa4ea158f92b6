import type { Tool } from '../contract/tool.js'
import { isObject, type JsonObject } from '../domain/json.js'
import { type Effect, effects } from '../domain/lifecycle.js'
import { compare } from '../domain/postcondition.js'

/** What a verification said; `error`: why it could not say anything. */
export interface Looked {
  readonly found: Effect
  readonly error: string | null
}

/** Reads what `verify` answered as an executor does: an effect by its word, or what was found beside the postcondition. */
export function readLooked(
  tool: Tool,
  answer: unknown,
  known: { args: JsonObject; output: JsonObject | null },
): Looked {
  const word = effects.find((effect) => effect === answer)
  if (word) return { found: word, error: null }
  if (!isObject(answer) || !('found' in answer)) return cannotTell(`it answered ${JSON.stringify(answer)}`)
  if (answer.found === null) return { found: 'not-committed', error: null }
  const { postcondition } = tool.contract
  if (!postcondition) return cannotTell('the contract has no postcondition to compare what was found with')
  if (!isObject(answer.found)) return cannotTell('what was found is no object')
  const restored = answer.output === undefined ? null : restoredOutput(tool, answer.output)
  if (restored instanceof Error) return cannotTell(`the output that was found again does not fit: ${restored.message}`)
  const output = known.output ?? restored
  const { holds } = compare(postcondition, { ...known, output, observed: null }, answer.found as JsonObject)
  return { found: holds ? 'committed' : 'diverged', error: null }
}

function restoredOutput(tool: Tool, output: unknown): JsonObject | Error {
  try {
    return tool.parseOutput(output) as JsonObject
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error))
  }
}

function cannotTell(error: string): Looked {
  return { found: 'unknown', error }
}
