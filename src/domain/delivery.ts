/** How far a delivery got. `moot`: when its turn came it was no longer true; `given-up`: a person looks after it. */
export const deliveryStates = ['pending', 'delivered', 'moot', 'given-up'] as const
export type DeliveryState = (typeof deliveryStates)[number]

/** How long something is tried before it is left to people. */
export const giveUpAfterMs = 24 * 60 * 60 * 1_000

const firstMs = 1_000
const longestMs = 5 * 60_000

/** Milliseconds until the next try: from half of to a whole bound that doubles. `chance` is from 0 to 1. */
export function deliveryPauseMs(tries: number, chance: number): number {
  const bound = Math.min(firstMs * 2 ** Math.min(Math.max(tries - 1, 0), 20), longestMs)
  return Math.ceil((bound / 2) * (1 + chance))
}
