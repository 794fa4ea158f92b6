import type { Json, JsonObject } from './json.js'
import type { ActionRequest } from './request.js'

/** What the server signs when a person changes the arguments of a step before it is approved. */
export interface AmendmentStatement {
  readonly kind: 'amendment'
  readonly tenant: string
  readonly action_id: string
  /** 1, 2, ... per action. */
  readonly revision: number
  readonly approval_id: string
  readonly round: number
  readonly step: string
  /** All arguments of the step, as they are from now on. */
  readonly args: JsonObject
  /** Of the envelope that was changed. */
  readonly previous_digest: string
  readonly amended_by: string
  /** How the person came in. */
  readonly account: string
  readonly reason: string
  /** ISO 8601, by the ledger's clock. */
  readonly at: string
}

/** One argument that is another than it was; `before` or `after` is absent where the argument was, or is. */
export interface Change {
  /** A JSON Pointer into the step's arguments. */
  readonly pointer: string
  readonly before?: Json
  readonly after?: Json
}

/** What people see of an amendment that counts. */
export interface Amendment {
  readonly step: string
  readonly amended_by: string
  readonly reason: string
  readonly changes: readonly Change[]
}

/** The request with other arguments for one step. What was admitted is not touched. */
export function amend(request: ActionRequest, step: string, args: JsonObject): ActionRequest {
  const steps = request.plan.steps.map((each) => (each.id === step ? { ...each, args } : each))
  return { ...request, plan: { ...request.plan, steps } }
}

/** Which arguments differ, by name. `same` compares two values. */
export function changesBetween(
  before: JsonObject,
  after: JsonObject,
  same: (one: Json, other: Json) => boolean,
): Change[] {
  const names = [...new Set([...Object.keys(before), ...Object.keys(after)])].sort()
  return names.flatMap((name) => {
    const [was, is] = [valueIn(before, name), valueIn(after, name)]
    if (was !== undefined && is !== undefined && same(was, is)) return []
    const pointer = `/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`
    return [{ pointer, ...(was !== undefined && { before: was }), ...(is !== undefined && { after: is }) }]
  })
}

function valueIn(args: JsonObject, name: string): Json | undefined {
  return Object.hasOwn(args, name) ? args[name] : undefined
}
