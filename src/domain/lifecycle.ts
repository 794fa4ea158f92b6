/** The eight stages of an action request, in order. The same words name the files of `src/domain`, `activities` and `test/stages`. */
export const stages = [
  'request',
  'plan',
  'policy',
  'approval',
  'execution',
  'verification',
  'compensation',
  'trail',
] as const

export type Stage = (typeof stages)[number]

/** How an action ends. All are business endings: the workflow completes with the outcome as its result. */
export const outcomes = [
  'succeeded',
  'denied',
  'rejected',
  'expired',
  'cancelled',
  'failed',
  'compensated',
  'needs-attention',
] as const

export type Outcome = (typeof outcomes)[number]

/** What is known of a change in the world. `diverged`: the downstream said yes, the verification disagrees. */
export const effects = ['committed', 'not-committed', 'unknown', 'diverged'] as const
export type Effect = (typeof effects)[number]

/** What a call is made for. Each phase of a step has its own intent, attempts and outcome. */
export type Phase = 'observe' | 'execute' | 'compensate'

/** Makes a switch exhaustive: the compiler refuses a missing case. */
export function never(value: never): never {
  throw new Error(`unexpected value: ${String(value)}`)
}
