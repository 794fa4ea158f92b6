import { isObject } from '../domain/json.js'

/** A Cedar type, in Cedar's JSON schema format. */
export type CedarType =
  | { readonly type: 'String' | 'Long' | 'Boolean' }
  | { readonly type: 'Set'; readonly element: CedarType }
  | { readonly type: 'Record'; readonly attributes: Readonly<Record<string, CedarAttribute>> }

export type CedarAttribute = CedarType & { readonly required?: boolean }

/**
 * The Cedar type of a JSON Schema, or null for what Cedar cannot express (unions of scalars, tuples, open records,
 * unknown). Members that cannot be expressed are left out of records; their paths go to `omitted`.
 */
export function cedarType(schema: unknown, path = '', omitted: string[] = []): CedarType | null {
  if (!isObject(schema)) return omit(path, omitted)
  const variants = (schema.anyOf ?? schema.oneOf) as unknown[] | undefined
  if (variants)
    return unionType(
      variants.filter((variant) => !isNull(variant)),
      path,
      omitted,
    )
  const type = soleType(schema)
  if (type === 'string' || (schema.type === undefined && typeof schema.const === 'string')) return { type: 'String' }
  if (type === 'integer') return { type: 'Long' }
  if (type === 'boolean') return { type: 'Boolean' }
  if (type === 'array' && !schema.prefixItems) {
    const element = cedarType(schema.items, `${path}/*`, omitted)
    return element && { type: 'Set', element }
  }
  if (type === 'object' && isObject(schema.properties)) return recordType(schema, path, omitted)
  return omit(path, omitted)
}

/** A value as Cedar takes it: what the type declares, nulls and the rest dropped. Plain data only. */
export function cedarValue(schema: CedarType, value: unknown): unknown {
  if (schema.type === 'Set') {
    // What is not of its type goes as it is: Cedar refuses it, and a refusal is a deny.
    if (!Array.isArray(value)) return value
    return value.filter((element) => element !== null).map((element) => cedarValue(schema.element, element))
  }
  if (schema.type !== 'Record') return value
  const record: Record<string, unknown> = {}
  for (const [name, attribute] of Object.entries(schema.attributes)) {
    const member = isObject(value) && Object.hasOwn(value, name) ? value[name] : undefined
    if (member !== undefined && member !== null) record[name] = cedarValue(attribute, member)
  }
  return record
}

function recordType(schema: Record<string, unknown>, path: string, omitted: string[]): CedarType {
  const required = (schema.required ?? []) as string[]
  const attributes: Record<string, CedarAttribute> = {}
  for (const [name, property] of Object.entries(schema.properties as Record<string, unknown>)) {
    const type = cedarType(property, `${path}/${name}`, omitted)
    if (type) attributes[name] = { ...type, required: required.includes(name) && !isNullable(property) }
  }
  if (schema.additionalProperties !== undefined && schema.additionalProperties !== false) omit(`${path}/*`, omitted)
  return { type: 'Record', attributes }
}

/** One record for a union of records: members that not all variants have are optional, conflicting ones left out. */
function unionType(variants: unknown[], path: string, omitted: string[]): CedarType | null {
  const types = variants.map((variant) => cedarType(variant, path, omitted))
  const [first] = types
  if (types.length === 1) return first ?? null
  const attributes: Record<string, CedarAttribute> = {}
  for (const type of types) {
    if (type?.type !== 'Record') return omit(path, omitted)
    for (const name of Object.keys(type.attributes)) {
      const all = types.map((each) => (each?.type === 'Record' ? each.attributes[name] : undefined))
      const present = all.filter((each) => each !== undefined)
      const shapes = new Set(present.map(({ required: _, ...shape }) => JSON.stringify(shape)))
      if (shapes.size > 1) omit(`${path}/${name}`, omitted)
      else attributes[name] = { ...(present[0] as CedarAttribute), required: all.every((each) => each?.required) }
    }
  }
  return { type: 'Record', attributes }
}

/** The one type that a schema names besides null: a nullable string is `["string", "null"]`. */
function soleType(schema: Record<string, unknown>): unknown {
  const [first, ...others] = [schema.type].flat().filter((type) => type !== 'null')
  return others.length === 0 ? first : undefined
}

function isNull(schema: unknown): boolean {
  return isObject(schema) && schema.type === 'null'
}

function isNullable(schema: unknown): boolean {
  if (!isObject(schema)) return false
  const variants = (schema.anyOf ?? schema.oneOf ?? []) as unknown[]
  return variants.some(isNull) || [schema.type].flat().includes('null')
}

function omit(path: string, omitted: string[]): null {
  if (!omitted.includes(path)) omitted.push(path)
  return null
}
