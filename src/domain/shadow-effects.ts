import type { Phase } from './lifecycle.js'

/** `unexplained`: no action sent its key. `repeated`: another effect has it too. `contradicts`: the ledger says it is not there. */
export const shadowKinds = ['unexplained', 'repeated', 'contradicts'] as const
export type ShadowKind = (typeof shadowKinds)[number]

/** An effect as the downstream lists it; `at` is ISO 8601, null where it is no time. */
export interface FoundEffect {
  readonly id: string
  readonly key: string | null
  readonly at: string | null
  readonly summary: string
}

/** What the ledger knows of the call that was sent under a key. */
export interface KeyedCall {
  readonly key: string
  readonly action_id: string
  readonly step: string
  readonly phase: Phase
  readonly generation: number
  /** Something recorded says that it happened; that it did not, or was left for another; that it was undone before the downstream was asked. */
  readonly happened: boolean
  readonly denied: boolean
  readonly undone: boolean
}

export interface Shadow extends FoundEffect {
  readonly kind: ShadowKind
  /** The call whose key it has. */
  readonly call: KeyedCall | null
}

/**
 * Which effect each key of a call explains: the one that did before, else the earliest. `before` is what earlier looks
 * found, as a downstream may be asked for a short span only.
 */
export function explainedBy(
  effects: readonly FoundEffect[],
  calls: readonly KeyedCall[],
  before: ReadonlyMap<string, string> = new Map(),
): ReadonlyMap<string, string> {
  const explained = new Map(before)
  const ours = new Set(calls.map(({ key }) => key))
  for (const { key, id } of inOrder(effects))
    if (key !== null && ours.has(key) && !explained.has(key)) explained.set(key, id)
  return explained
}

/**
 * The effects that are not as the ledger says. One call explains one effect, also while nobody knows yet what it came to;
 * what other tenants sent is theirs to explain.
 */
export function shadowsAmong(
  effects: readonly FoundEffect[],
  calls: readonly KeyedCall[],
  ofOthers: ReadonlySet<string>,
  explained = explainedBy(effects, calls),
): Shadow[] {
  const callOf = new Map(calls.map((call) => [call.key, call]))
  return inOrder(effects).flatMap((effect): Shadow[] => {
    const { key, id } = effect
    const call = (key !== null && callOf.get(key)) || null
    if (!call) return key !== null && ofOthers.has(key) ? [] : [{ ...effect, kind: 'unexplained', call: null }]
    if (explained.get(call.key) !== id) return [{ ...effect, kind: 'repeated', call }]
    const contradicted = call.undone || (call.denied && !call.happened)
    return contradicted ? [{ ...effect, kind: 'contradicts', call }] : []
  })
}

function inOrder(effects: readonly FoundEffect[]): FoundEffect[] {
  return [...effects].sort(
    (one, other) => (one.at ?? '').localeCompare(other.at ?? '') || one.id.localeCompare(other.id),
  )
}
