import type { AnswerMeaning, DownstreamPromise } from './contract.js'
import { isObject } from './json.js'

const named = ['code', 'statusCode', 'status'] as const

/** What an error of a call means by the contract: the most exact of its names decides. Null where the contract names none. */
export function meaningOf(error: unknown, { answers }: Pick<DownstreamPromise, 'answers'>): AnswerMeaning | null {
  if (!answers || !isObject(error)) return null
  for (const name of named) {
    const answer = error[name]
    if (typeof answer !== 'string' && typeof answer !== 'number') continue
    const meaning = Object.hasOwn(answers, answer) ? answers[answer] : undefined
    if (meaning) return meaning
  }
  return null
}

/** Does an error say that the system is not there just now, or asked too much? Whatever that means for the call. */
export function isUnavailable(error: unknown): boolean {
  if (!isObject(error)) return false
  return [error.statusCode, error.status].some(
    (status) => typeof status === 'number' && (status === 429 || (status >= 500 && status <= 599)),
  )
}
