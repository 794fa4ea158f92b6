import type { Contract } from './contract.js'
import { at, type Json, type JsonObject } from './json.js'
import { referenceIn, type Step } from './request.js'

/** The recorded output of an earlier step; null while there is none. */
export type OutputOf = (step: string) => JsonObject | null

/**
 * The arguments a step would run with: what the request names, what the observation fills in, and what earlier steps
 * gave. A reference without an output yet is left out.
 */
export function resolveArgs(
  step: Step,
  contract: Contract,
  observed: JsonObject | null,
  outputOf: OutputOf,
): JsonObject {
  const args: Record<string, Json> = {}
  for (const [field, value] of Object.entries(step.args)) {
    const reference = referenceIn(value)
    const output = reference && outputOf(reference.step)
    const given = output && Object.hasOwn(output, reference.field) ? output[reference.field] : undefined
    const resolved = reference ? given : value
    if (resolved !== undefined) args[field] = resolved
  }
  for (const [field, pointer] of Object.entries(contract.fill)) {
    const filled = at({ observed }, pointer)
    if (args[field] === undefined && filled !== undefined && filled !== null) args[field] = filled
  }
  return args
}

/** The arguments of the read that a step's decision rests on. */
export function observationArgs(step: Step, contract: Contract): JsonObject {
  const args: Record<string, Json> = {}
  for (const [field, pointer] of Object.entries(contract.observe?.args ?? {})) {
    const value = at({ args: step.args }, pointer)
    if (value !== undefined) args[field] = value
  }
  return args
}
