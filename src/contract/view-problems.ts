import type { Contract, JsonSchema } from '../domain/contract.js'
import { isObject } from '../domain/json.js'
import type { RowScope, View } from '../domain/view.js'
import { reached } from './reached.js'

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

function isOpen(schema: unknown): boolean {
  if (Array.isArray(schema)) return schema.some(isOpen)
  if (!isObject(schema)) return false
  if (schema.additionalProperties !== undefined && schema.additionalProperties !== false) return true
  return Object.values(schema).some(isOpen)
}

function hasOnly(value: unknown, names: readonly string[]): boolean {
  return isObject(value) && Object.keys(value).every((name) => names.includes(name))
}
