import { z } from 'zod'
import { digest } from '../digest.js'
import { isReserved, reservedCounts } from '../domain/approval.js'
import type { Contract, JsonSchema } from '../domain/contract.js'
import { ExequaturError } from '../domain/errors.js'
import { isObject } from '../domain/json.js'
import { readKinds } from '../domain/session.js'
import { cedarType } from './decidable.js'
import { downstreamPromise } from './downstream-promise.js'
import { lateFields } from './late-fields.js'
import { limitProblems, limitsFrom } from './limit-settings.js'
import { postconditionProblems } from './postcondition-problems.js'
import { recheckProblems } from './recheck-problems.js'
import { summaryProblems } from './summary-problems.js'
import type { ToolDefinition } from './tool.js'
import { viewProblems } from './view-problems.js'

/** Names that the Cedar schema gives to other things. */
const reservedTypes = ['Agent', 'Service', 'Group', 'Action']

/** The data half of a tool, with its digest. Throws `EXQ-7005` naming everything that is wrong with it. */
export function toContract<Input extends z.ZodObject, Output extends z.ZodObject>(
  tool: ToolDefinition<Input, Output>,
): { contract: Contract; digest: string } {
  const problems: string[] = []
  const contract: Contract = {
    name: tool.name,
    version: tool.version,
    title: tool.title,
    description: tool.description,
    ...(tool.summary !== undefined && { summary: tool.summary }),
    ...(tool.shows && tool.shows.length > 0 && { shows: tool.shows }),
    owner: tool.owner,
    approvers: tool.approvers ?? [],
    risk: tool.risk,
    effect: tool.effect,
    input: jsonSchema(tool.input, 'input', problems),
    output: jsonSchema(tool.output, 'output', problems),
    binding: tool.binding ?? [],
    resource: tool.resource,
    ...(tool.spend && { spend: tool.spend }),
    ...(tool.observe && { observe: tool.observe }),
    fill: tool.fill ?? {},
    ...lateFields(tool.late ?? []),
    downstream: {
      ...downstreamPromise(tool.downstream, problems),
      ...(tool.downstream.name && { name: tool.downstream.name }),
      ...limitsFrom(tool.downstream),
    },
    ...(tool.undo && { undo: downstreamPromise(tool.undo, problems) }),
    ...(tool.postcondition && { postcondition: tool.postcondition }),
    ...(tool.reads && tool.reads.length > 0 && { reads: readKinds.filter((kind) => tool.reads?.includes(kind)) }),
    ...(tool.sends && { sends: tool.sends }),
    ...(tool.views && { views: tool.views }),
    ...(tool.preconditions && tool.preconditions.length > 0 && { preconditions: tool.preconditions }),
    ...(tool.touches && { touches: tool.touches }),
    ...(tool.listEffects && { lists_effects: true as const }),
    pool: tool.pool ?? 'default',
    credentials: Object.keys(tool.credentials ?? {}).sort(),
  }
  if (tool.reads?.some((kind) => !readKinds.includes(kind))) problems.push(`reads takes ${readKinds.join(', ')}`)
  problems.push(
    ...limitProblems('downstream', tool.downstream),
    ...contradictions(contract),
    ...viewProblems(contract),
    ...recheckProblems(contract),
    ...summaryProblems(contract),
    ...postconditionProblems(contract),
  )
  if (problems.length > 0) throw new ExequaturError('EXQ-7005', `${tool.name}: ${problems.join('; ')}`)
  return { contract, digest: digest(contract) }
}

function contradictions(contract: Contract): string[] {
  const problems: string[] = []
  const refuse = (wrong: boolean, message: string) => wrong && problems.push(message)
  const { downstream, undo, effect, fill, resource, observe } = contract
  refuse(!/^[a-z][a-z0-9_]{0,63}$/.test(contract.name), 'the name is lower case words joined by _')
  refuse(contract.name === 'compensate', 'compensate is a reserved name')
  refuse(!Number.isInteger(contract.version) || contract.version < 1, 'the version is a whole number from 1')
  refuse(!/^person:[A-Za-z0-9._-]+$/.test(contract.owner), 'the owner is a person, as person:<name>')
  refuse(effect === 'none' && downstream.class !== 'read', 'a tool of effect none has the downstream class read')
  refuse(effect !== 'none' && downstream.class === 'read', 'only a tool of effect none has the downstream class read')
  refuse(!!undo && effect !== 'reversible', 'only a reversible tool has an undo')
  refuse(undo?.class === 'read', 'undoing is a write: its class is not read')
  refuse(
    downstream.name !== undefined && !/^[a-z][a-z0-9_-]{0,63}$/.test(downstream.name),
    'the name of a downstream is lower case words',
  )
  refuse(!!contract.lists_effects && effect === 'none', 'a tool of effect none has no effects to list')
  refuse(contract.risk === 'high' && contract.approvers.length === 0, 'a high risk needs approvers')
  refuse(
    contract.risk === 'critical' && new Set(contract.approvers).size < 2,
    'a critical risk needs two approver groups',
  )
  refuse(contract.approvers.some(isReserved), `${reservedCounts.join(', ')} are reserved names`)
  refuse(
    !/^[A-Z][A-Za-z0-9]*$/.test(resource.type) || reservedTypes.includes(resource.type),
    `the resource type is a name such as Invoice, but not ${reservedTypes.join(', ')}`,
  )
  refuse(Object.keys(fill).length > 0 && !observe, 'fill needs observe')
  refuse(
    Object.values(fill).some((pointer) => !pointer.startsWith('/observed/')),
    'fill takes /observed/...',
  )
  refuse(!!contract.reads && Object.keys(contract.output.properties ?? {}).length === 0, 'reads needs an output')
  refuse(contract.sends !== undefined && contract.sends !== 'outside', 'sends takes outside')
  const undecidable: string[] = []
  cedarType(contract.input, '', undecidable)
  const strict = contract.risk === 'high' || contract.risk === 'critical'
  refuse(
    strict && undecidable.length > 0,
    `policies cannot see ${undecidable.join(', ')}; a ${contract.risk} risk may not have such arguments`,
  )
  return [...problems, ...astray(contract)]
}

/** Pointers and field names that lead to nothing, or to something that is not there yet when it is needed. */
function astray({ input, resource, spend, observe, fill, late }: Contract): string[] {
  const problems: string[] = []
  const isArgument = (field: string) => Object.hasOwn((input.properties as object | undefined) ?? {}, field)
  const pointers = [
    ['the resource', resource.id],
    ['the spend', spend?.amount_cents],
    ...Object.values(observe?.args ?? {}).map((pointer) => ['what is observed', pointer] as const),
  ] as const
  for (const [what, pointer] of pointers) {
    if (pointer === undefined) continue
    const [start, root, field = ''] = pointer.split('/')
    const leads = root === 'args' ? isArgument(field) : root === 'observed' && observe && what !== 'what is observed'
    if (start !== '' || !leads) problems.push(`${what}: ${pointer} leads nowhere`)
    if (root === 'args' && late.includes(field)) problems.push(`${what} may not be a late field`)
  }
  for (const field of [...late, ...Object.keys(fill)]) {
    if (!isArgument(field)) problems.push(`there is no argument ${field}`)
  }
  if (late.some((field) => Object.hasOwn(fill, field))) problems.push('a late field may not be filled')
  return problems
}

function jsonSchema(schema: z.ZodObject, side: string, problems: string[]): JsonSchema {
  try {
    refuseChecks(schema, side, problems)
    const { $schema: _, ...json } = z.toJSONSchema(schema, { io: 'output' }) as JsonSchema & { $schema?: string }
    refuseFloats(json, side, problems)
    return json
  } catch (error) {
    problems.push(`${side}: ${error instanceof Error ? error.message : String(error)}`)
    return {}
  }
}

/** `refine` and `transform` are code: a contract cannot carry them. */
function refuseChecks(schema: z.core.$ZodType, path: string, problems: string[], seen = new Set<unknown>()): void {
  if (seen.has(schema)) return
  seen.add(schema)
  const { def } = schema._zod
  const checks = new Set(def.checks?.map((check) => check._zod.def.check))
  if (checks.has('custom')) problems.push(`${path}: refine cannot be carried`)
  // `trim` and the like are checks that rewrite: the call would differ from what the policy saw.
  if (def.type === 'transform' || def.type === 'pipe' || checks.has('overwrite'))
    problems.push(`${path}: transform cannot be carried`)
  if (def.type === 'catch') problems.push(`${path}: catch cannot be carried`)
  if (def.type === 'lazy') refuseChecks((def as z.core.$ZodLazyDef).getter(), path, problems, seen)
  for (const [key, inner] of Object.entries(def as unknown as Record<string, unknown>)) {
    for (const [name, child] of inner && key === 'shape' ? Object.entries(inner) : [[key, inner] as const]) {
      for (const each of Array.isArray(child) ? child : [child]) {
        if (isObject(each) && '_zod' in each)
          refuseChecks(each as unknown as z.core.$ZodType, `${path}.${name}`, problems, seen)
      }
    }
  }
}

/** Floats are not decidable money: amounts are integers, other fractions strings. */
function refuseFloats(schema: unknown, path: string, problems: string[]): void {
  if (Array.isArray(schema)) for (const inner of schema) refuseFloats(inner, path, problems)
  if (!isObject(schema)) return
  if ([schema.type].flat().includes('number')) problems.push(`${path}: use integers or strings, not z.number()`)
  for (const [key, inner] of Object.entries(schema))
    refuseFloats(inner, key === 'properties' ? path : `${path}.${key}`, problems)
}
