import { isObject } from '../domain/json.js'
import type { Requirements } from '../domain/policy.js'

/** What a policy's parsed conditions say about approvals and failing. */
export interface Reading {
  /** How many each group has to have approved before the policy yields; null where that is said in no simple way. */
  readonly yieldsTo: Requirements | null
  /** `context.approvals` is read otherwise than in `unless` clauses of the form `context.approvals.<group> >= <number>`. */
  readonly elsewhere: boolean
  /** It computes, and what is computed can fail: numbers overflow. */
  readonly computes: boolean
}

interface Condition {
  readonly kind: string
  readonly body: unknown
}

/** Reads the conditions of one policy, as Cedar's JSON has them. */
export function readConditions(conditions: readonly Condition[]): Reading {
  const yieldings: Requirements[] = []
  let elsewhere = false
  let computes = false
  for (const { kind, body } of conditions) {
    const counts = kind === 'unless' ? countsIn(body) : null
    if (counts) yieldings.push(counts)
    else if (readsApprovals(body)) elsewhere = true
    if (!isSure(body)) computes = true
  }
  // Any one of several `unless` clauses makes a policy yield.
  return {
    yieldsTo: yieldings.length === 1 ? (yieldings[0] ?? null) : null,
    elsewhere: elsewhere || yieldings.length > 1,
    computes,
  }
}

// What gives a value whatever it is given, once it is strictly valid.
const sure = new Set(
  '! == != in < <= > >= && || contains containsAll containsAny isEmpty . has like is if-then-else Set Value Var'.split(
    ' ',
  ),
)
const operands = ['left', 'right', 'arg', 'if', 'then', 'else', 'in'] as const

/** `context.approvals.finance >= 1 && ...`; null for anything else. */
function countsIn(body: unknown): Requirements | null {
  if (!isObject(body)) return null
  const both = body['&&']
  if (isObject(both)) {
    const [left, right] = [countsIn(both.left), countsIn(both.right)]
    if (!left || !right) return null
    const groups = new Set([...Object.keys(left), ...Object.keys(right)])
    return Object.fromEntries([...groups].map((group) => [group, Math.max(left[group] ?? 0, right[group] ?? 0)]))
  }
  const least = body['>=']
  if (!isObject(least) || !isObject(least.left) || !isObject(least.right)) return null
  const count = least.right.Value
  const access = least.left['.']
  if (!isObject(access) || typeof access.attr !== 'string' || typeof count !== 'number') return null
  return attributeOf(access.left) === 'approvals' ? { [access.attr]: count } : null
}

/** The name in `context.<name>`. */
function attributeOf(node: unknown): string | null {
  if (!isObject(node) || !isObject(node['.'])) return null
  const { left, attr } = node['.']
  return isObject(left) && left.Var === 'context' && typeof attr === 'string' ? attr : null
}

/** Whether it reads approvals, or the context in a way that could. */
function readsApprovals(body: unknown): boolean {
  return JSON.stringify(body).includes('"approvals"') || usesWholeContext(body)
}

function usesWholeContext(node: unknown, insideAccess = false): boolean {
  if (Array.isArray(node)) return node.some((inner) => usesWholeContext(inner))
  if (!isObject(node)) return false
  if (node.Var === 'context') return !insideAccess
  return Object.entries(node).some(([key, inner]) => {
    const access = (key === '.' || key === 'has') && isObject(inner) ? inner : null
    return access ? usesWholeContext(access.left, true) : usesWholeContext(inner)
  })
}

/** An expression of operators that cannot fail. */
function isSure(node: unknown): boolean {
  if (!isObject(node)) return false
  return Object.entries(node).every(([operator, given]) => {
    if (!sure.has(operator)) return false
    if (operator === 'Value' || operator === 'Var') return true
    if (Array.isArray(given)) return given.every(isSure)
    return isObject(given) && operands.every((name) => given[name] === undefined || isSure(given[name]))
  })
}
