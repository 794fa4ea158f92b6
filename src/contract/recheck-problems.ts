import type { Contract, Pointer } from '../domain/contract.js'
import { downstreamOf, type LimitOverrides, limitsOf } from '../domain/downstream-limits.js'
import { isObject } from '../domain/json.js'
import { freshLookMs, isRechecked } from '../domain/looks.js'
import { reached } from './reached.js'

/** What is wrong with what a contract wants looked at again, counted, or kept in a range. */
export function recheckProblems(contract: Contract): string[] {
  const { preconditions = [], touches, observe, effect, output } = contract
  const problems: string[] = []
  const pointers = [...preconditions, ...(touches ? [touches.observed] : [])]
  if (pointers.length > 0 && !observe) problems.push('preconditions and touches need observe')
  if (pointers.length > 0 && effect === 'none') problems.push('a tool that only reads has no preconditions or touches')
  for (const pointer of pointers)
    if (!isInto('observed', pointer)) problems.push(`${pointer} is not /observed/<field>...`)
  if (new Set(preconditions).size < preconditions.length) problems.push('a precondition is there twice')
  if (touches?.output !== undefined) {
    if (!isInto('output', touches.output)) problems.push(`${touches.output} is not /output/<field>...`)
    else if (!isCount(reached(output, touches.output.slice('/output'.length))))
      problems.push(`touches.output: ${touches.output} is neither a whole number nor a list`)
  }
  return [...problems, ...rangeProblems(contract)]
}

/** What a contract wants of its observation that the observing tool does not give; the two meet in a configuration. */
export function unobserved(contract: Contract, observing: Contract, limits?: LimitOverrides): string[] {
  const { preconditions = [], touches } = contract
  const leads = (pointer: Pointer) => reached(observing.output, pointer.slice('/observed'.length))
  const problems = preconditions
    .filter((pointer) => leads(pointer).length === 0)
    .map((pointer) => `${pointer} leads nowhere in what ${observing.name} gives`)
  if (touches && !isCount(leads(touches.observed)))
    problems.push(
      `touches.observed: ${touches.observed} is neither a whole number nor a list that ${observing.name} gives`,
    )
  return [...problems, ...tooSlow(contract, observing, limits)]
}

/** Where the look uses up the room that the call needs, it is too old again each time when the call may be made. */
function tooSlow(contract: Contract, observing: Contract, limits?: LimitOverrides): string[] {
  const name = downstreamOf(contract)
  const { rate } = limitsOf(contract, limits)
  if (!isRechecked(contract) || name !== downstreamOf(observing) || !rate) return []
  const bothMs = 2_000 / rate.per_second
  if (bothMs <= freshLookMs) return []
  return [
    `${name} takes ${bothMs} ms for a look and a call at its rate, and looks are fresh for ${freshLookMs} ms only`,
  ]
}

function rangeProblems({ late_ranges = {}, input }: Contract): string[] {
  const properties = isObject(input.properties) ? input.properties : {}
  return Object.entries(late_ranges).flatMap(([field, range]) => {
    const { minimum, maximum, ...more } = range
    const limits = [minimum, maximum].filter((limit) => limit !== undefined)
    if (Object.keys(more).length > 0 || !limits.every((limit) => Number.isSafeInteger(limit)))
      return [`late.${field}: a range has minimum and maximum, whole numbers`]
    if (minimum !== undefined && maximum !== undefined && minimum > maximum)
      return [`late.${field}: the range is empty`]
    return isWhole(properties[field]) ? [] : [`late.${field}: only a whole number has a range`]
  })
}

/** Field names only: a list is compared, or counted, as a whole. The ledger reads the same pointers. */
function isInto(root: 'observed' | 'output', pointer: Pointer): boolean {
  const [start, first, ...fields] = pointer.split('/')
  const plain = fields.length > 0 && fields.every((field) => /^[A-Za-z_][A-Za-z0-9_-]*$/.test(field))
  return start === '' && first === root && plain
}

function isCount(schemas: readonly unknown[]): boolean {
  return (
    schemas.length > 0 && schemas.every((schema) => isWhole(schema) || (isObject(schema) && schema.type === 'array'))
  )
}

function isWhole(schema: unknown): boolean {
  return isObject(schema) && schema.type === 'integer'
}
