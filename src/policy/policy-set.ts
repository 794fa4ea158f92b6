import { digest } from '../digest.js'
import type { Dimension } from '../domain/budget.js'
import { ExequaturError, type Problem } from '../domain/errors.js'
import type { Requirements } from '../domain/policy.js'
import type { ComparedPolicy } from '../domain/policy-change.js'
import { readConditions } from './approvals-read.js'
import { policySetTextToParts, policyToJson } from './cedar.js'
import { totalsRead } from './totals-read.js'

/** Policy files by name. */
export type PolicyFiles = Readonly<Record<string, string>>

/** One Cedar policy with what its annotations say. */
export interface Policy extends ComparedPolicy {
  /** The file it is written in. */
  readonly file: string
  readonly text: string
  /** What people must have approved for this `forbid` to yield (`@require`); null if nothing makes it yield. */
  readonly requires: Requirements | null
  /** What its `unless` wants, where it says so plainly (`context.approvals.finance >= 1`); null where it does not. */
  readonly yieldsTo: Requirements | null
  /** Of whom it reads the totals (`context.totals.owner`). */
  readonly totals: readonly Dimension[]
  /** What to tell whoever was denied (`@say`). */
  readonly say: string | null
}

export interface PolicySet {
  readonly digest: string
  readonly policies: ReadonlyMap<string, Policy>
}

/** Parses policy files. Throws `EXQ-3002` with every problem: syntax, a missing or repeated `@id`, a wrong `@require`. */
export function parsePolicySet(files: PolicyFiles): PolicySet {
  const problems: Problem[] = []
  const policies = new Map<string, Policy>()
  for (const [file, source] of Object.entries(files)) {
    const parts = policySetTextToParts(source)
    if (parts.type === 'failure') {
      problems.push(...parts.errors.map(({ message }) => ({ pointer: `/${file}`, message })))
      continue
    }
    for (const text of parts.policies) {
      const policy = parsePolicy(file, text, (message) => problems.push({ pointer: `/${file}`, message }))
      if (policy && policies.has(policy.id))
        problems.push({ pointer: `/${file}`, message: `@id("${policy.id}") is used twice` })
      if (policy) policies.set(policy.id, policy)
    }
    if (parts.policy_templates.length > 0)
      problems.push({ pointer: `/${file}`, message: 'templates are not supported' })
  }
  if (problems.length > 0) throw invalidSet(problems)
  return { digest: digest(files), policies }
}

export function invalidSet(problems: readonly Problem[]): ExequaturError {
  const text = problems.map(({ pointer, message }) => `${pointer.slice(1)}: ${message}`).join('; ')
  return new ExequaturError('EXQ-3002', text, problems)
}

function parsePolicy(file: string, text: string, complain: (message: string) => void): Policy | null {
  const answer = policyToJson(text)
  if (answer.type === 'failure') {
    for (const { message } of answer.errors) complain(message)
    return null
  }
  const { annotations = {}, effect, conditions } = answer.json
  if (!annotations.id) {
    complain(`a policy has no @id: ${text.slice(0, 80)}`)
    return null
  }
  const requires = annotations.require === undefined ? null : parseRequirements(annotations.require)
  if (annotations.require !== undefined && !requires) complain(`${annotations.id}: @require is "group:count, ..."`)
  if (requires && effect === 'permit') complain(`${annotations.id}: @require belongs on a forbid`)
  const { yieldsTo, elsewhere, computes } = readConditions(conditions)
  return {
    id: annotations.id,
    file,
    effect,
    text,
    digest: digest(answer.json),
    requires,
    yieldsTo,
    asks: requires !== null,
    mayFail: computes,
    plain: !elsewhere && (requires ? isMetBy(yieldsTo, requires) : yieldsTo === null),
    totals: totalsRead(conditions),
    say: annotations.say ?? null,
  }
}

/** Granting exactly `requires` is what the `unless` wants. */
function isMetBy(yieldsTo: Requirements | null, requires: Requirements): boolean {
  return yieldsTo !== null && Object.entries(yieldsTo).every(([group, count]) => (requires[group] ?? 0) >= count)
}

/** `finance:1, security:1`. */
function parseRequirements(text: string): Requirements | null {
  const requirements: Record<string, number> = {}
  for (const part of text.split(',')) {
    const match = /^\s*([a-z][a-z0-9_]*):([1-9]\d?)\s*$/.exec(part)
    if (!match) return null
    requirements[match[1] as string] = Number(match[2])
  }
  return requirements
}
