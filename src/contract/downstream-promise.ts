import { answerMeanings, type DownstreamPromise } from '../domain/contract.js'
import { durationMs } from './duration.js'
import type { DownstreamDeclaration } from './tool.js'

const defaultCallTimeout = '10s'

/** A declared downstream in milliseconds. What is wrong with it is added to `problems`. */
export function downstreamPromise(declared: DownstreamDeclaration, problems: string[]): DownstreamPromise {
  const call_timeout_ms = durationMs(declared.callTimeout ?? defaultCallTimeout)
  if (!call_timeout_ms) problems.push('callTimeout is a duration such as 10s')
  const key_lifetime_ms = optionalMs(declared.keyLifetime) ?? undefined
  const settling_ms = optionalMs(declared.settlesWithin)
  if (settling_ms === null) problems.push('settlesWithin is a duration such as 30s')
  const read_after_write_ms = optionalMs(declared.readAfterWrite)
  if (read_after_write_ms === null) problems.push('readAfterWrite is a duration such as 2s')
  problems.push(...answerProblems(declared))
  if (declared.class === 'idempotent-by-key') {
    if (!key_lifetime_ms) problems.push('idempotent-by-key needs keyLifetime')
    else if (key_lifetime_ms <= 2 * (call_timeout_ms ?? 0))
      problems.push('keyLifetime is longer than two calls, or no second one can be made')
  }
  return {
    class: declared.class,
    ...(key_lifetime_ms !== undefined && { key_lifetime_ms }),
    call_timeout_ms: call_timeout_ms ?? 0,
    ...(typeof settling_ms === 'number' && { settling_ms }),
    ...(typeof read_after_write_ms === 'number' && { read_after_write_ms }),
    ...(declared.answers && { answers: declared.answers }),
  }
}

function optionalMs(text: string | undefined): number | null | undefined {
  return text === undefined ? undefined : durationMs(text)
}

function answerProblems({ class: promised, answers = {} }: DownstreamDeclaration): string[] {
  const problems: string[] = []
  for (const [answer, meaning] of Object.entries(answers)) {
    if (!answerMeanings.includes(meaning)) problems.push(`answers.${answer} is one of ${answerMeanings.join(', ')}`)
    if (meaning === 'yes' && promised === 'read') problems.push(`answers.${answer}: a read that failed has no yes`)
  }
  return problems
}
