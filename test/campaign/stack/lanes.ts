const many = 6

/** Pools with an executor of their own, so that several executors can be made to die without disturbing each other. */
export const lanes: readonly string[] = Array.from({ length: many }, (_, index) => `lane${index + 1}`)
