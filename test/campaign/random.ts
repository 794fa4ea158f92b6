/** Numbers that look random and are the same for the same seed. */
export interface Random {
  /** From 0 up to, not including, 1. */
  readonly next: () => number
  /** A whole number from `low` to `high`, both included. */
  readonly between: (low: number, high: number) => number
  readonly chance: (of: number) => boolean
  readonly pick: <T>(from: readonly T[]) => T
  /** A stream of its own, for a part that draws at its own pace. */
  readonly fork: (name: string) => Random
}

export function seeded(seed: string): Random {
  let state = hash(seed)
  // Mulberry32.
  const next = () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
  const between = (low: number, high: number) => low + Math.floor(next() * (high - low + 1))
  return {
    next,
    between,
    chance: (of) => next() < of,
    pick: <T>(from: readonly T[]) => from[between(0, from.length - 1)] as T,
    fork: (name) => seeded(`${seed}/${name}`),
  }
}

// FNV-1a.
function hash(text: string): number {
  let value = 0x811c9dc5
  for (const byte of Buffer.from(text)) value = Math.imul(value ^ byte, 0x01000193)
  return value | 0
}
