import type { CrashPoint } from '../../src/crash-point.js'
import type { System } from './downstream/books.js'
import type { Mode } from './downstream/modes.js'

/**
 * Where an executor dies while it makes a call: at a point of its own code, when it comes by for the first time if no other is
 * said, or while the downstream has the request.
 */
export type Death = { readonly at: CrashPoint; readonly pass?: number } | { readonly held: Mode }

export interface CrashCase {
  readonly system: System
  /** The call that is interrupted. */
  readonly call: 'effect' | 'undo'
  readonly death: Death
  /** Whether the downstream has done it when the executor dies. */
  readonly applied: boolean
  /** Whether the ledger has the answer then. */
  readonly known: boolean
}

type Course = Omit<CrashCase, 'system' | 'call'>

const claimed = (at: CrashPoint): Course => ({ death: { at }, applied: false, known: false })
const half: Course = { death: { held: 'hold-half' }, applied: false, known: false }
const unapplied: Course = { death: { held: 'hold-unapplied' }, applied: false, known: false }
const applied: Course = { death: { held: 'hold-applied' }, applied: true, known: false }
const answered = (at: CrashPoint): Course => ({ death: { at }, applied: true, known: false })
const recorded = (at: CrashPoint): Course => ({ death: { at }, applied: true, known: true })

const call: readonly Course[] = [
  claimed('call.claimed'),
  claimed('call.unsent'),
  half,
  unapplied,
  applied,
  answered('call.answered'),
  answered('outcome.unwritten'),
  recorded('outcome.unanswered'),
  recorded('outcome.recorded'),
  recorded('verification.looked'),
  recorded('verification.recorded'),
]
// Before it come the outcomes of what is undone, and of what was refused after that.
const third = (at: CrashPoint): Course => ({ death: { at, pass: 3 }, applied: true, known: false })
const undo: readonly Course[] = [
  claimed('undo.claimed'),
  claimed('undo.unsent'),
  applied,
  answered('undo.called'),
  third('outcome.unwritten'),
  recorded('undo.recorded'),
]

function ofAll(calls: readonly Course[], undos: readonly Course[]): readonly CrashCase[] {
  return (['keyed', 'queryable', 'blind'] as const).flatMap((system) => [
    ...calls.map((course): CrashCase => ({ system, call: 'effect', ...course })),
    ...undos.map((course): CrashCase => ({ system, call: 'undo', ...course })),
  ])
}

/**
 * Every way to die between the intent and what is known of it for good, for every kind of downstream. Of points between which
 * nothing is recorded some are left to the matrix of every night (`verification.begun`), as is any second death, in the recovery
 * from the first. A request to undo that is taken in by half or not carried out is what random campaigns come by.
 */
export const crashCases = ofAll(call, undo)

export function nameOf({ system, call, death }: CrashCase): string {
  const where = 'at' in death ? `at ${death.at}` : `with the request in state ${death.held}`
  return `${system}, ${call === 'effect' ? 'the call' : 'the undo'}: killed ${where}`
}

/** Whether whoever takes over after this sends the call again, and so comes by the points of the call itself. */
export function isSentAgain({ system, applied, known }: CrashCase): boolean {
  return !known && (system === 'keyed' || (system === 'queryable' && !applied))
}
