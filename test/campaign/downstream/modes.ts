import type { Random } from '../random.js'

/** What becomes of one request, and whether its effect happens. */
export const modes = {
  answer: 'as it should be',
  'hold-half': 'the request is only half taken in, nothing happens, no answer',
  'hold-unapplied': 'nothing happens, no answer',
  'hold-applied': 'the effect happens, no answer',
  delay: 'the effect happens, the answer comes late',
  late: 'no answer, and the effect happens later',
  'reset-unapplied': 'nothing happens, the connection is reset',
  'reset-applied': 'the effect happens, the connection is reset',
  'error-applied': 'the effect happens, the answer is 500, and is the answer to that key from now on',
  unavailable: '503, nothing happens',
  refuse: 'a definite no, nothing happens',
  lie: '200, but nothing happens',
  'other-amount': '200, but something else happens',
  twice: 'the effect happens, the answer is sent twice',
  lag: 'the effect happens, and cannot be looked up for a while',
} as const
export type Mode = keyof typeof modes

/** Whoever runs the downstream is told when one of these hits a request: the moment to kill the one that waits for it. */
export const heldModes: readonly Mode[] = ['hold-half', 'hold-unapplied', 'hold-applied']

/** For requests on one subject, or, without a subject, with a chance for every request; `change` is an effect or an undo. */
export interface Rule {
  readonly subject?: string
  readonly call: 'effect' | 'undo' | 'look' | 'change'
  readonly mode: Mode
  /** Hits it is good for; for ever if left out. */
  readonly times?: number
  /** Of 1, for rules without a subject. */
  readonly chance?: number
  readonly delay_ms?: number
}

/** The rules in force; those for a subject come first. What is called `..._refused` always is. */
export class Rules {
  #rules: { rule: Rule; left: number }[] = []

  constructor(private readonly random: Random) {}

  set(rules: readonly Rule[]): void {
    this.#rules = []
    for (const rule of rules) this.add(rule)
  }

  add(rule: Rule): void {
    if (!Object.hasOwn(modes, rule.mode)) throw new Error(`there is no mode ${rule.mode}`)
    this.#rules.push({ rule, left: rule.times ?? Number.POSITIVE_INFINITY })
  }

  take(call: 'effect' | 'undo' | 'look', subject: string): Rule {
    if (call === 'effect' && subject.endsWith('_refused')) return { call, mode: 'refuse' }
    const fits = this.#rules.filter(
      ({ rule, left }) => left > 0 && (rule.call === call || (rule.call === 'change' && call !== 'look')),
    )
    const hit =
      fits.find(({ rule }) => rule.subject === subject) ??
      fits.find(({ rule }) => rule.subject === undefined && this.random.chance(rule.chance ?? 1))
    if (!hit) return { call, mode: 'answer' }
    hit.left -= 1
    return hit.rule
  }
}
