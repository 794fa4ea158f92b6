import { type Dimension, dimensions } from '../domain/budget.js'

/**
 * The totals that a policy reads, from its parsed conditions: none where `totals` does not occur in them, else every
 * dimension whose name does. What is read in some other way than plainly is taken to be read.
 */
export function totalsRead(conditions: unknown): Dimension[] {
  const text = JSON.stringify(conditions)
  if (!text.includes('"totals"')) return []
  return dimensions.filter((dimension) => text.includes(`"${dimension}"`))
}
