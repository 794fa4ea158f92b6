import { durationMs } from './duration.js'
import type { Duration } from './tool.js'

/** How long people stay signed in at the inbox. */
export interface InboxSettings {
  /** From signing in to the end, whatever happens; `8h` if left out. */
  readonly signInFor?: Duration
  /** From the last use to the end; `1h` if left out. */
  readonly idleFor?: Duration
}

const defaults = { signInFor: '8h', idleFor: '1h' } as const

/** The times, with their defaults, in milliseconds. */
export function inboxTimesOf(settings: InboxSettings = {}): {
  readonly signInForMs: number
  readonly idleForMs: number
} {
  const { signInFor, idleFor } = { ...defaults, ...settings }
  return { signInForMs: durationMs(signInFor) ?? 0, idleForMs: durationMs(idleFor) ?? 0 }
}

/** What is wrong with the settings, each in one line. */
export function inboxProblems(settings: InboxSettings = {}): string[] {
  const { signInForMs, idleForMs } = inboxTimesOf(settings)
  const problems: string[] = []
  if (signInForMs < 1_000) problems.push('inbox.signInFor: a duration such as 8h, 1s at least')
  if (idleForMs < 1_000) problems.push('inbox.idleFor: a duration such as 1h, 1s at least')
  return problems
}
