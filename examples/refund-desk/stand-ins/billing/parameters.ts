import type { Call } from '../call.js'
import { badParameter } from './errors.js'
import type { Metadata } from './facts.js'

/** Refuses parameters an endpoint does not know. A name stands for its bracketed parts too. */
export function allowOnly(call: Call, names: readonly string[]): void {
  for (const field of call.fields.keys()) {
    const name = field.split('[')[0] ?? field
    if (!names.includes(name)) throw badParameter(field, `Received unknown parameter: ${field}`, 'parameter_unknown')
  }
}

/** A whole number of at least 1, or `undefined` when it was not sent. */
export function positiveInteger(call: Call, name: string): number | undefined {
  const text = call.fields.get(name)
  if (text === undefined) return undefined
  if (!/^-?\d+$/.test(text)) throw badParameter(name, `Invalid integer: ${text}`, 'parameter_invalid_integer')
  const value = Number(text)
  if (value < 1) throw badParameter(name, 'This value must be greater than or equal to 1.', 'parameter_invalid_integer')
  return value
}

/** One of a few words, or `undefined` when it was not sent. */
export function oneOf(call: Call, name: string, words: readonly string[]): string | undefined {
  const word = call.fields.get(name)
  if (word === undefined || words.includes(word)) return word
  throw badParameter(name, `Invalid ${name}: must be one of ${words.join(', ')}`)
}

/** The pairs sent as `metadata[name]=value`, within Stripe's limits. */
export function readMetadata(call: Call): Metadata {
  const pairs = [...call.fields].flatMap(([field, value]) => {
    const name = /^metadata\[([^[\]]+)\]$/.exec(field)?.[1]
    return name === undefined ? [] : [[name, value] as const]
  })
  if (pairs.length > 50) throw badParameter('metadata', 'Metadata holds at most 50 pairs.')
  for (const [name, value] of pairs) {
    if (name.length > 40) throw badParameter('metadata', `Metadata names have at most 40 characters: ${name}`)
    if (value.length > 500) throw badParameter(`metadata[${name}]`, 'Metadata values have at most 500 characters.')
  }
  return Object.fromEntries(pairs)
}

/** Whether the caller asked to have this part spelled out (`expand[]=...`). */
export function expands(call: Call, part: string): boolean {
  return [...call.fields].some(([field, value]) => /^expand\[\d*\]$/.test(field) && value === part)
}
