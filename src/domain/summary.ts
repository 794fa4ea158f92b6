import type { Pointer } from './contract.js'
import { at, type Json, type JsonObject } from './json.js'
import { tellMoney } from './money.js'
import { isPlain } from './printable.js'
import { referenceIn } from './request.js'

/** What the values of a summary come from. */
export interface Known {
  readonly args: JsonObject
  readonly observed: JsonObject | null
}

/** A place in a template: `{/args/invoice_id}`, or `{/args/amount_cents|usd}` for whole hundredths of a currency. */
export interface Placeholder {
  readonly pointer: Pointer
  readonly currency: string | null
}

const place = /\{([^{}|]*)(?:\|([a-z]{3}))?\}/g

export function placeholdersOf(template: string): Placeholder[] {
  return [...template.matchAll(place)].map(([, pointer = '', currency]) => ({ pointer, currency: currency ?? null }))
}

/** A template without its places; a brace that is left opens or closes none. */
export function wordsOf(template: string): string {
  return template.replace(place, '')
}

/** A template with its values. What could be taken for words of the template is in quotes. */
export function fillSummary(template: string, known: Known): string {
  return template.replace(place, (_, pointer: Pointer, currency: string | undefined) =>
    tellValue(at(known, pointer), currency),
  )
}

function tellValue(value: Json | undefined, currency: string | undefined): string {
  if (value === undefined || value === null) return '(none)'
  const reference = referenceIn(value)
  if (reference) return `(what ${reference.step}.${reference.field} gives)`
  if (currency !== undefined && typeof value === 'number' && Number.isSafeInteger(value))
    return tellMoney({ cents: value, currency })
  return typeof value === 'string' && isPlain(value) ? value : JSON.stringify(value)
}
