import { tokensOf } from '../domain/cut.js'
import { isObject } from '../domain/json.js'

/** The schemas that a pointer leads to: none if it leads nowhere, several through a union. */
export function reached(schema: unknown, pointer: unknown): unknown[] {
  if (typeof pointer !== 'string' || (pointer !== '' && !pointer.startsWith('/'))) return []
  return tokensOf(pointer).reduce<unknown[]>(
    (places, token) => places.flatMap((place) => below(place, token)),
    [schema],
  )
}

function below(schema: unknown, token: string): unknown[] {
  if (!isObject(schema)) return []
  const variants = [schema.anyOf, schema.oneOf, schema.allOf].flatMap((each) => (Array.isArray(each) ? each : []))
  const own: unknown[] = []
  if (isObject(schema.properties) && Object.hasOwn(schema.properties, token)) own.push(schema.properties[token])
  if (token === '*' && isObject(schema.items)) own.push(schema.items)
  return [...own, ...variants.flatMap((variant) => below(variant, token))]
}
