/** Calls of a downstream in a tenant. In any span of time at most `burst`, and `per_second` for each second of it. */
export interface Rate {
  readonly per_second: number
  readonly burst: number
}

/** When calls of a downstream that does not answer are held back. */
export interface BreakerRule {
  /** So many calls in a row without an answer open it, each within `within_ms` of the one before. */
  readonly failures: number
  readonly within_ms: number
  /** How long it stays open before one call is let through; twice as long after each that fails again. */
  readonly open_ms: number
  readonly longest_open_ms: number
  /** How long after it closed calls are let through ever faster. */
  readonly slow_start_ms: number
}

export interface Limits {
  readonly rate: Rate | null
  /** null: it never opens. */
  readonly breaker: BreakerRule | null
}

export const usualBreaker: BreakerRule = {
  failures: 5,
  within_ms: 30_000,
  open_ms: 5_000,
  longest_open_ms: 60_000,
  slow_start_ms: 30_000,
}

/** What a configuration says of a downstream, in place of what contracts say. */
export type LimitOverrides = Readonly<Record<string, Partial<Limits>>>

/** What a contract says about it. */
interface Downstream {
  readonly name: string
  readonly downstream: { readonly name?: string; readonly rate?: Rate; readonly breaker?: BreakerRule | 'off' }
}

/** Tools of one downstream share its limits. */
export function downstreamOf({ name, downstream }: Downstream): string {
  return downstream.name ?? name
}

export function limitsOf(contract: Downstream, overrides: LimitOverrides = {}): Limits {
  const { rate = null, breaker } = contract.downstream
  const declared = { rate, breaker: breaker === 'off' ? null : (breaker ?? usualBreaker) }
  return { ...declared, ...overrides[downstreamOf(contract)] }
}
