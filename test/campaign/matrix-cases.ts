import { type CrashPoint, crashPoints } from '../../src/crash-point.js'
import type { Rules } from './checker/evidence.js'
import { type System, systems } from './downstream/books.js'

/** One, more and most people have to agree to these: nobody, one, two. */
const amounts = [100, 1_100, 2_100] as const

export interface MatrixCase {
  readonly point: CrashPoint
  readonly system: System
  readonly amount: number
  /** How often it dies there: the second time is while somebody recovers from the first. */
  readonly times: 1 | 2
}

/** Every so manyth of: every point, for every kind of downstream and number of people, in the first try and in its recovery. */
export function matrixCases(share: number): readonly MatrixCase[] {
  return crashPoints
    .flatMap((point) =>
      systems.flatMap((system) =>
        amounts.flatMap((amount) => ([1, 2] as const).map((times): MatrixCase => ({ point, system, amount, times }))),
      ),
    )
    .filter(isOnItsWay)
    .filter((_, index) => index % share === 0)
}

/** The points of these cases, and how often somebody dies at each if they are what they are to be. */
export function pointsAsked(share: number): Rules['crash_points'] {
  const cases = matrixCases(share)
  return crashPoints
    .map((point) => cases.filter((each) => each.point === point))
    .flatMap((of) => of.slice(0, 1).map(({ point }) => ({ point, deaths: of.some(comesAgain) ? 2 : 1 }) as const))
}

/** Whose code a point is in: that process is made to die there. */
export function processAt(point: CrashPoint): 'server' | 'executor' {
  return /^(intent|attempt|call|outcome|verification|undo)[.]/.test(point) ? 'executor' : 'server'
}

/** An attempt is written by itself only after a first that was in vain. */
export function isOfLaterAttempt(point: CrashPoint): boolean {
  return point.startsWith('attempt.')
}

/** Does the action come by the point at all? */
function isOnItsWay({ point, system, amount }: MatrixCase): boolean {
  if (/^(approval|vote)[.]/.test(point)) return amount > amounts[0]
  return !isOfLaterAttempt(point) || system !== 'blind'
}

// Nothing that is recorded lies before these: whoever takes over comes by them again.
const redone: ReadonlySet<CrashPoint> = new Set([
  'request.checked',
  'plan.validated',
  'policy.decided',
  'approval.noticed',
  'approval.verified',
  'intent.decided',
  'intent.unwritten',
  'attempt.unwritten',
  'verification.begun',
  'verification.looked',
  'halt.unwritten',
  'halt.recorded',
  'ending.unwritten',
  'ending.recorded',
  'trail.exported',
])
// These only where the same key is sent again.
const sentAgain: ReadonlySet<CrashPoint> = new Set([
  'call.claimed',
  'call.unsent',
  'call.answered',
  'outcome.unwritten',
  'undo.claimed',
  'undo.unsent',
  'undo.called',
])

function comesAgain({ point, system, times }: MatrixCase): boolean {
  return times === 2 && (redone.has(point) || (system === 'keyed' && sentAgain.has(point)))
}
