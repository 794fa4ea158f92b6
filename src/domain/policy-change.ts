/** A policy, as far as a change of the set is judged by it. */
export interface ComparedPolicy {
  readonly id: string
  readonly effect: 'permit' | 'forbid'
  /** Of its meaning: annotations count, white space does not. */
  readonly digest: string
  /** It asks for approvals (`@require`). */
  readonly asks: boolean
  /** It computes, so that it can fail; and what fails denies everything. */
  readonly mayFail: boolean
  /** It reads approvals in no other way than that each one it asks for makes it yield. */
  readonly plain: boolean
}

export type ComparedSet = ReadonlyMap<string, ComparedPolicy>

/**
 * Why a change of policies may let more happen than before; none: it can only tighten. What cannot be told for certain
 * is said to loosen. Tightening: whatever was there is unchanged, but for permits that went, and what is new forbids.
 */
export function loosenings(before: ComparedSet, after: ComparedSet): string[] {
  const reasons: string[] = []
  for (const [id, policy] of before) {
    const now = after.get(id)
    if (now && now.digest !== policy.digest) reasons.push(`${policy.effect} ${id} is changed`)
    if (now) continue
    if (policy.effect === 'forbid') reasons.push(`forbid ${id} is removed`)
    else if (policy.mayFail) reasons.push(`permit ${id}, which can fail and so deny everything, is removed`)
  }
  const added = [...after.values()].filter(({ id }) => !before.has(id))
  for (const { id } of added.filter(({ effect }) => effect === 'permit')) reasons.push(`permit ${id} is new`)
  const uneven = [...before.values(), ...added].find(({ plain }) => !plain)
  const asking = added.filter(({ effect, asks }) => effect === 'forbid' && asks)
  // More approvals asked for here may be what an earlier forbid needs to yield, and never got.
  if (uneven) {
    for (const { id } of asking)
      reasons.push(`forbid ${id} asks for approvals, which ${uneven.id} reads in a way that cannot be compared`)
  }
  return reasons
}

/** Who introduced or last altered each policy of a set that follows another. */
export function authorsAfter(
  before: { readonly policies: ComparedSet; readonly authors: Readonly<Record<string, string>> } | null,
  after: ComparedSet,
  author: string,
): Record<string, string> {
  const kept = (id: string, digest: string) =>
    before?.policies.get(id)?.digest === digest && Object.hasOwn(before.authors, id) ? before.authors[id] : undefined
  return Object.fromEntries([...after.values()].map(({ id, digest }) => [id, kept(id, digest) ?? author]))
}

/** Who has to agree to a change that loosens: so many people of a group. Nobody: 0 people. */
export interface PolicyRule {
  readonly group: string
  readonly people: number
}
