/** How long what needs attention may be silent. */
export interface AttentionAlarm {
  /** How old it is when people are told again, and the log says so. */
  readonly afterMs: number
  /** How long from then until they are told once more, and so on. */
  readonly remindEveryMs: number
}

/** The reminder that is due at an age: 1, 2, ...; 0 while it is too early for the first. */
export function reminderDue(ageMs: number, { afterMs, remindEveryMs }: AttentionAlarm): number {
  return ageMs < afterMs ? 0 : 1 + Math.floor((ageMs - afterMs) / remindEveryMs)
}
