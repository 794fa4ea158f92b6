import type { AttentionAlarm } from '../domain/attention-alarm.js'
import { durationMs } from './duration.js'
import type { Duration } from './tool.js'

/** Who decides where a machine may not settle, and how soon a silence is told. */
export interface AttentionSettings {
  /** A group whose members decide on every tool, beside the approvers of the tool. */
  readonly group?: string
  /** How old something may get before people are told again, and the log warns; `15m` if left out. */
  readonly after?: Duration
  /** How often it is told from then on; `1h` if left out. */
  readonly remindEvery?: Duration
}

const defaults = { after: '15m', remindEvery: '1h' } as const
const minuteMs = 60_000

/** The times, with their defaults, in milliseconds. */
export function attentionAlarmOf({
  after = defaults.after,
  remindEvery = defaults.remindEvery,
}: AttentionSettings = {}): AttentionAlarm {
  return { afterMs: durationMs(after) ?? 15 * minuteMs, remindEveryMs: durationMs(remindEvery) ?? 60 * minuteMs }
}

/** What is wrong with the settings, each in one line. */
export function attentionProblems(settings: AttentionSettings = {}, groups: readonly string[]): string[] {
  const { group, after = defaults.after, remindEvery = defaults.remindEvery } = settings
  const problems: string[] = []
  if (group !== undefined && !groups.includes(group)) problems.push(`attention.group: ${group} is not one of groups`)
  if (!durationMs(after)) problems.push('attention.after: a duration such as 15m')
  if (!durationMs(remindEvery)) problems.push('attention.remindEvery: a duration such as 1h')
  return problems
}
