/** Milliseconds until the next try: anything between a floor and a bound that doubles. `chance` is from 0 to 1. */
export function backoffMs(tries: number, chance: number): number {
  const bound = Math.min(firstMs * 2 ** Math.min(Math.max(tries, 1), 20), longestMs)
  return Math.ceil(leastMs + (bound - leastMs) * chance)
}

const leastMs = 100
const firstMs = 500
const longestMs = 10_000
