import type { Call } from '../call.js'
import { badShape, refused } from './answers.js'

/** Arguments that are JSON where the rest is a form. */
const structured = new Set(['blocks', 'view', 'attachments', 'metadata'])

/** The arguments of a method, sent as JSON or as a form, which the SDK does. */
export function argumentsOf(call: Call): Record<string, unknown> {
  if (typeof call.json === 'object' && call.json !== null) return call.json as Record<string, unknown>
  const read: Record<string, unknown> = {}
  for (const [name, value] of call.fields) {
    try {
      read[name] = structured.has(name) ? JSON.parse(value) : value
    } catch {
      throw badShape('invalid_arguments', [`must be valid JSON [json-pointer:/${name}]`])
    }
  }
  return read
}

/** An argument that has to be there. */
export function textOf(args: Record<string, unknown>, name: string): string {
  const value = args[name]
  if (typeof value !== 'string' || value === '')
    throw refused('invalid_arguments', {
      response_metadata: { messages: [`[ERROR] missing required field: ${name}`] },
    })
  return value
}

export function optionalText(args: Record<string, unknown>, name: string): string | undefined {
  const value = args[name]
  return typeof value === 'string' && value !== '' ? value : undefined
}
