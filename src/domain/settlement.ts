import type { DownstreamPromise } from './contract.js'
import type { Effect } from './lifecycle.js'

/** One try as the ledger knows it. */
export interface Attempt {
  readonly attempt: number
  /** Age since the attempt was written, by the ledger's clock, in milliseconds. */
  readonly age_ms: number
  /** null: no answer was recorded, so nobody knows. */
  readonly effect: 'committed' | 'not-committed' | 'unknown' | null
  /** Age since its answer, or that there was none, was recorded; null before that. */
  readonly answered_ms?: number | null
}

/** One question to the real system, as the ledger knows it. Ages are by the ledger's clock, in milliseconds. */
export interface Look {
  readonly found: Effect
  /** Age since it began. */
  readonly began_ms: number
  /** Age since it was recorded. */
  readonly age_ms: number
}

/** When a call that nobody has settled is looked at again, and who is waited for meanwhile. */
export interface Waiting {
  readonly for: 'time' | 'person'
  readonly after_ms: number
  readonly reason: string
}

/** A call that was made, as far as it is known. `claimed`: what its answer said. */
export interface CallInDoubt {
  readonly claimed: 'committed' | 'unknown'
  readonly attempts: readonly Attempt[]
  /** Oldest first. */
  readonly looks: readonly Look[]
  readonly promise: DownstreamPromise
}

/** How long a request that got no answer may still be applied, in milliseconds. */
export function settlingMs({ settling_ms, call_timeout_ms }: DownstreamPromise): number {
  return settling_ms ?? 2 * call_timeout_ms
}

/** Until a look that begins then and finds nothing, or something else, counts; in milliseconds, negative if long since. */
function countsInMs({ claimed, attempts, promise }: Omit<CallInDoubt, 'looks'>): number {
  const hidden = promise.read_after_write_ms ?? 0
  if (claimed === 'committed') {
    return hidden - (sinceAnswerMs(attempts) ?? 0)
  }
  const lastSentMs = Math.min(...attempts.map((attempt) => sentMs(attempt, promise)))
  return settlingMs(promise) + hidden - lastSentMs
}

/** Age of the answer that said yes; null where there is none. */
function sinceAnswerMs(attempts: readonly Attempt[]): number | null {
  const answered = attempts.find(({ effect }) => effect === 'committed')
  return answered ? (answered.answered_ms ?? answered.age_ms) : null
}

/** Age of the moment by which the request of an attempt was surely sent, if it ever was. Negative where that may yet be. */
function sentMs({ effect, age_ms, answered_ms }: Attempt, promise: DownstreamPromise): number {
  return effect === null ? age_ms - promise.call_timeout_ms : (answered_ms ?? age_ms)
}

/**
 * What a look settles; null where it says nothing, or too early. The effect itself counts as soon as it shows. Its absence,
 * or something else in its place, counts only where nothing can come any more, and an absence never where the
 * downstream cannot be asked.
 */
export function settledBy(look: Look, call: Omit<CallInDoubt, 'looks'>): Exclude<Effect, 'unknown'> | null {
  if (look.found === 'unknown') return null
  if (look.found === 'committed') return 'committed'
  if (look.found === 'not-committed' && call.promise.class === 'neither') return null
  return countsInMs(call) + look.began_ms <= 0 ? look.found : null
}

/** A definite no: the call may be made again, where its class allows it. */
export function isDefiniteNo(look: Look, attempts: readonly Attempt[], promise: DownstreamPromise): boolean {
  return settledBy(look, { claimed: 'unknown', attempts, promise }) === 'not-committed'
}

/** Looks that say nothing before a person is asked. */
const looksAlone = 4
const firstPauseMs = 1_000
/** Between two looks at a call that nobody has settled. */
export const longestPauseMs = 3_600_000
// Past the moment from which an absence counts, whatever the clocks of two statements make of it.
const marginMs = 50

/** What was seen before a call was answered says nothing of its answer. */
function looksThatTell({ claimed, attempts, looks }: CallInDoubt): readonly Look[] {
  const answered_ms = claimed === 'committed' ? sinceAnswerMs(attempts) : null
  return answered_ms === null ? looks : looks.filter(({ began_ms }) => began_ms <= answered_ms)
}

/** Has nobody looked since the newest attempt began, although what a look finds now would count? */
function isLookDue({ attempts, looks }: CallInDoubt, counts_ms: number): boolean {
  const newest_ms = Math.min(...attempts.map(({ age_ms }) => age_ms))
  return counts_ms <= 0 && looks.every(({ began_ms }) => began_ms > newest_ms)
}

/**
 * How long to wait before the next look, with pauses that grow to an hour, and shrink where an absence counts sooner; and
 * whether a person is needed. Null where it is to be looked at now, as no look has told anything of it yet. `spread`, from
 * 0 to 1, keeps calls that were made together from being looked at together.
 */
export function waiting(call: CallInDoubt, spread: number): Waiting | null {
  const { promise, claimed } = call
  const looks = looksThatTell(call)
  const last = looks.at(-1)
  const counts = countsInMs(call)
  if (!last || isLookDue(call, counts)) return null
  const pause = Math.min(firstPauseMs * 2 ** (looks.length - 1), longestPauseMs) * (0.75 + spread / 2)
  const since = last.age_ms
  const after_ms = Math.max(
    0,
    Math.ceil(Math.min(pause - since, counts > 0 ? counts + marginMs : Number.POSITIVE_INFINITY)),
  )
  const what = claimed === 'committed' ? 'the answer is not confirmed' : 'the outcome is unknown'
  if (promise.class === 'neither' && claimed === 'unknown')
    return { for: 'person', after_ms, reason: `${what}, and nobody can be asked whether nothing happened` }
  if (counts > 0) return { for: 'time', after_ms, reason: `${what}, and may still change by itself` }
  if (looks.length < looksAlone) return { for: 'time', after_ms, reason: what }
  return {
    for: 'person',
    after_ms,
    reason: `${what}, and ${looks.length} looks at the real system have not settled it`,
  }
}
