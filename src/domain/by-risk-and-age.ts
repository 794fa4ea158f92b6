import { type Risk, risks } from './contract.js'

interface Waits {
  readonly id: string
  readonly risk: Risk
  /** ISO 8601, UTC. */
  readonly sealed_at: string
}

/** The order in which every surface lists what waits: the highest risk first, of the same risk what has waited longest. */
export function byRiskAndAge<T extends Waits>(waiting: readonly T[]): T[] {
  return [...waiting].sort(
    (one, other) =>
      risks.indexOf(other.risk) - risks.indexOf(one.risk) ||
      one.sealed_at.localeCompare(other.sealed_at) ||
      one.id.localeCompare(other.id),
  )
}
