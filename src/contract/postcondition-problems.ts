import type { Contract, JsonSchema } from '../domain/contract.js'
import { isObject } from '../domain/json.js'

/** What is wrong with a postcondition: what leads nowhere would be compared with nothing. */
export function postconditionProblems({ postcondition, effect, input, output, observe }: Contract): string[] {
  if (postcondition === undefined) return []
  if (effect === 'none') return ['a read changes nothing, so it has no postcondition']
  const fields = Object.entries(postcondition)
  if (fields.length === 0) return ['a postcondition names at least one field']
  const roots: Readonly<Record<string, JsonSchema>> = { args: input, output }
  return fields.flatMap(([field, expected]) => {
    const complain = (message: string) => [`postcondition.${field}: ${message}`]
    if (!isObject(expected) || Object.keys(expected).length !== 1) return complain('takes equals or one_of')
    if ('one_of' in expected) {
      const values: unknown = expected.one_of
      return Array.isArray(values) && values.length > 0 && values.every(isScalar)
        ? []
        : complain('one_of lists texts, whole numbers, true, false or null')
    }
    const pointer = 'equals' in expected ? expected.equals : undefined
    if (typeof pointer !== 'string') return complain('takes equals or one_of')
    const [start, root = '', name = ''] = pointer.split('/')
    const leads = root === 'observed' ? observe !== undefined : has(roots[root], name)
    return start === '' && leads ? [] : complain(`${pointer} leads nowhere`)
  })
}

function has(schema: JsonSchema | undefined, field: string): boolean {
  return isObject(schema?.properties) && Object.hasOwn(schema.properties, field)
}

function isScalar(value: unknown): boolean {
  return value === null || typeof value === 'string' || typeof value === 'boolean' || Number.isSafeInteger(value)
}
