import type { RegisteredContract } from './contract.js'
import type { ErrorCode, Problem } from './errors.js'
import { stepIdPattern } from './ids.js'
import { at, isObject } from './json.js'
import { type ActionRequest, type Reference, referenceIn, type Step } from './request.js'

/** Steps a plan may have at most. */
export const maxSteps = 20

/** Checks one step's arguments against the pinned JSON Schema, leaving out the fields that are filled later. */
export type CheckArgs = (contract: RegisteredContract, step: Step, filledLater: readonly string[]) => Problem[]

export interface PlanProblem extends Problem {
  readonly code: ErrorCode
}

/**
 * The one rule for plans, used at the door and again in the workflow. `contractOf` gives the contract a step is
 * pinned to. Returns every problem found, none if the plan is sound.
 */
export function planProblems(
  request: ActionRequest,
  contractOf: (step: Step) => RegisteredContract | undefined,
  checkArgs: CheckArgs,
): PlanProblem[] {
  const { steps } = request.plan
  const problems: PlanProblem[] = shapeProblems(steps)
  let irreversible = false
  let writes = 0
  let spend = 0
  for (const [index, step] of steps.entries()) {
    const pointer = `/plan/steps/${index}`
    const known = contractOf(step)
    if (!known) {
      problems.push({ code: 'EXQ-1101', pointer: `${pointer}/tool`, message: `${step.tool} is not known` })
      continue
    }
    if (known.status === 'withdrawn') {
      problems.push({
        code: 'EXQ-1107',
        pointer: `${pointer}/tool`,
        message: known.note ?? `${step.tool} is withdrawn`,
      })
    }
    const { contract } = known
    const references = referencesOf(step)
    problems.push(...referenceProblems(step, references, steps.slice(0, index), contract.late, pointer, contractOf))
    const misfits = checkArgs(known, step, Object.keys(references)).map((problem) => ({
      code: 'EXQ-1102' as const,
      pointer: `${pointer}/args${problem.pointer}`,
      message: problem.message,
    }))
    problems.push(...misfits)
    for (const binding of contract.binding) {
      if (!request.context[binding]) {
        problems.push({
          code: 'EXQ-1103',
          pointer: `/context/${binding}`,
          message: `${contract.name} needs ${binding}`,
        })
      }
    }
    if (irreversible && contract.effect !== 'irreversible') {
      problems.push({ code: 'EXQ-1106', pointer, message: 'a step that can be undone comes after one that cannot' })
    }
    irreversible ||= contract.effect === 'irreversible'
    if (contract.effect !== 'none') writes += 1
    if (contract.spend) {
      const amount = at({ args: step.args }, contract.spend.amount_cents) ?? 0
      if (typeof amount === 'number' && Number.isSafeInteger(amount) && amount >= 0) spend += amount
      else if (misfits.length === 0)
        problems.push({
          code: 'EXQ-1102',
          pointer: `${pointer}/args`,
          message: 'what is spent is a whole number of cents',
        })
    }
  }
  return [
    ...problems,
    ...boundProblems(request, { steps: steps.length, calls: steps.length, writes, spend_cents: spend }),
  ]
}

/** The `$from` references among a step's arguments, by field. */
export function referencesOf(step: Step): Record<string, Reference> {
  const references: Record<string, Reference> = {}
  for (const [field, value] of Object.entries(step.args)) {
    const reference = referenceIn(value)
    if (reference) references[field] = reference
  }
  return references
}

function shapeProblems(steps: readonly Step[]): PlanProblem[] {
  const problems: PlanProblem[] = []
  const unsound = (pointer: string, message: string) => problems.push({ code: 'EXQ-1106', pointer, message })
  if (steps.length === 0) unsound('/plan/steps', 'a plan has at least one step')
  if (steps.length > maxSteps) unsound('/plan/steps', `a plan has at most ${maxSteps} steps`)
  const seen = new Set<string>()
  for (const [index, { id }] of steps.entries()) {
    if (!stepIdPattern.test(id)) unsound(`/plan/steps/${index}/id`, 'a step id is lower case letters, digits and _')
    if (seen.has(id)) unsound(`/plan/steps/${index}/id`, `the step id ${id} is used twice`)
    seen.add(id)
  }
  return problems
}

function referenceProblems(
  step: Step,
  references: Record<string, Reference>,
  earlier: readonly Step[],
  late: readonly string[],
  pointer: string,
  contractOf: (step: Step) => RegisteredContract | undefined,
): PlanProblem[] {
  const problems: PlanProblem[] = []
  for (const [field, value] of Object.entries(step.args)) {
    const reference = references[field]
    const where = `${pointer}/args/${field}`
    if (reference && !late.includes(field)) {
      problems.push({ code: 'EXQ-1106', pointer: where, message: `${field} may not be filled by a reference` })
    }
    const source = earlier.find(({ id }) => id === reference?.step)
    if (reference && !source) {
      problems.push({ code: 'EXQ-1106', pointer: where, message: `${reference.step} is not an earlier step` })
    }
    const given = source && contractOf(source)?.contract.output.properties
    if (reference && isObject(given) && !Object.hasOwn(given, reference.field)) {
      problems.push({ code: 'EXQ-1106', pointer: where, message: `${reference.step} does not give ${reference.field}` })
    }
    if (!reference && mentionsReference(value)) {
      problems.push({ code: 'EXQ-1106', pointer: where, message: '$from stands alone: {"$from": "step1.field"}' })
    }
  }
  return problems
}

function mentionsReference(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false
  return Object.entries(value).some(([key, inner]) => key === '$from' || mentionsReference(inner))
}

function boundProblems(request: ActionRequest, used: Record<string, number>): PlanProblem[] {
  const problems: PlanProblem[] = []
  for (const [bound, limit] of Object.entries(request.plan.bounds ?? {})) {
    const amount = used[bound] ?? 0
    if (typeof limit === 'number' && amount > limit) {
      problems.push({
        code: 'EXQ-1106',
        pointer: `/plan/bounds/${bound}`,
        message: `the plan takes ${amount}, the bound is ${limit}`,
      })
    }
  }
  return problems
}
