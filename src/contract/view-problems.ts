import type { Contract, JsonSchema } from '../domain/contract.js'
import { tokensOf } from '../domain/cut.js'
import { isObject } from '../domain/json.js'
import type { RowScope, View } from '../domain/view.js'

/** What is wrong with the views of a contract: what leads nowhere would hide nothing, or everything. */
export function viewProblems({ views, effect, output }: Contract): string[] {
  if (views === undefined) return []
  if (effect !== 'none') return ['views belong to a read: a write has to be verified and undone with all it returned']
  const problems = Object.keys(views).length === 0 ? ['views name at least one group'] : []
  // Names that only the data knows would tell of it in the record of what was cut.
  if (isOpen(output)) problems.push('views need an output whose fields are all declared')
  for (const [group, view] of Object.entries(views)) {
    const complain = (message: string) => problems.push(`views.${group}: ${message}`)
    if (!/^[a-z][a-z0-9_]*$/.test(group)) complain('a group is lower case letters, digits and _')
    for (const problem of problemsOf(view, output)) complain(problem)
  }
  return problems
}

function problemsOf(view: View, output: JsonSchema): string[] {
  if (!hasOnly(view, ['fields', 'rows']) || !Array.isArray(view.fields) || view.fields.length === 0)
    return ['a view has fields, and may have rows']
  const strange = view.fields.filter((pointer) => reached(output, pointer).length === 0)
  return [
    ...strange.map((pointer) => `${pointer} leads nowhere`),
    ...(view.rows ?? []).flatMap((scope) => rowProblems(scope, output)),
  ]
}

function rowProblems(scope: RowScope, output: JsonSchema): string[] {
  if (!hasOnly(scope, ['at', 'field', 'equals'])) return ['rows take at, field and equals']
  const rows = scope.at === '' ? [output] : reached(output, `${scope.at}/*`)
  if (rows.length === 0) return [`rows at ${scope.at}: there is no list`]
  const fields = rows.flatMap((row) => reached(row, scope.field))
  const problems: string[] = []
  if (fields.length === 0 || scope.field.includes('*'))
    problems.push(`rows at ${scope.at}: ${scope.field} leads nowhere`)
  const { equals } = scope
  const known =
    typeof equals === 'string' && (!equals.startsWith('$') || equals === '$agent' || equals === '$on_behalf_of')
  if (!known && !Number.isSafeInteger(equals) && typeof equals !== 'boolean')
    problems.push(`rows at ${scope.at}: equals is text, a whole number, true or false, $agent or $on_behalf_of`)
  return problems
}

/** The schemas that a pointer leads to: none if it leads nowhere, several through a union. */
function reached(schema: unknown, pointer: unknown): unknown[] {
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

function isOpen(schema: unknown): boolean {
  if (Array.isArray(schema)) return schema.some(isOpen)
  if (!isObject(schema)) return false
  if (schema.additionalProperties !== undefined && schema.additionalProperties !== false) return true
  return Object.values(schema).some(isOpen)
}

function hasOnly(value: unknown, names: readonly string[]): boolean {
  return isObject(value) && Object.keys(value).every((name) => names.includes(name))
}
