import type { BreakerRule, Rate } from './downstream-limits.js'
import type { ReadKind } from './session.js'
import type { View } from './view.js'

/** A JSON Pointer (RFC 6901) into `{args, observed}`. */
export type Pointer = string

export const risks = ['low', 'medium', 'high', 'critical'] as const
export type Risk = (typeof risks)[number]

/** `none` reads; `reversible` can be undone by its own tool; `irreversible` cannot. */
export const effectClasses = ['none', 'reversible', 'irreversible'] as const
export type EffectClass = (typeof effectClasses)[number]

/** What the downstream can do about a repeated call; decides what may follow an unknown outcome. */
export type DownstreamClass = 'read' | 'idempotent-by-key' | 'queryable' | 'neither'

/** What a contract says of the system it calls. Durations are in milliseconds. */
export interface DownstreamPromise {
  readonly class: DownstreamClass
  /** How long the downstream honours an idempotency key. */
  readonly key_lifetime_ms?: number
  /** Deadline of one call. */
  readonly call_timeout_ms: number
  /** How long a request that was sent, and got no answer, may still be applied; twice the deadline of a call if absent. */
  readonly settling_ms?: number
  /** How long an effect that was applied may not show to a look; 0 if absent. */
  readonly read_after_write_ms?: number
  /** What answers mean, by the `code`, `statusCode` or `status` of what a call throws; any other leaves the outcome unknown. */
  readonly answers?: Readonly<Record<string, AnswerMeaning>>
}

/** `yes`: it is done, as after a duplicate; `no`: surely nothing happened; `unknown`: neither can be said. */
export const answerMeanings = ['yes', 'no', 'unknown'] as const
export type AnswerMeaning = (typeof answerMeanings)[number]

type Scalar = string | number | boolean | null

/** What one field of a finding has to be: what a pointer into `{args, output, observed}` leads to, or one of some values. */
export type Expectation = { readonly equals: Pointer } | { readonly one_of: readonly Scalar[] }
export type Postcondition = Readonly<Record<string, Expectation>>

/**
 * A line that people are shown: what is one way (`before`), and what it is to be (`after`); with one of them only, what is,
 * or what is to be. With a currency whole numbers are hundredths of it.
 */
export interface ShownChange {
  readonly label: string
  readonly before?: Pointer
  readonly after?: Pointer
  readonly currency?: string
}

/** The business object a request must name. */
export type Binding = 'ticket_id' | 'user_id' | 'incident_id'

/** Whole numbers, both ends included; what is left out is not limited. */
export interface Range {
  readonly minimum?: number
  readonly maximum?: number
}

export type JsonSchema = { readonly [key: string]: unknown }

/** A tool as plain data: everything a decision needs, nothing that runs. Known by its digest. */
export interface Contract {
  readonly name: string
  readonly version: number
  readonly title: string
  readonly description: string
  /** One call in one line, with places for values: `Refund {/args/amount_cents|usd} on invoice {/args/invoice_id}`. */
  readonly summary?: string
  /** What people are shown as a difference; absent where nothing is. */
  readonly shows?: readonly ShownChange[]
  /** A person, as `person:<name>`. */
  readonly owner: string
  /** Groups whose members may approve this tool. */
  readonly approvers: readonly string[]
  readonly risk: Risk
  readonly effect: EffectClass
  readonly input: JsonSchema
  readonly output: JsonSchema
  readonly binding: readonly Binding[]
  readonly resource: { readonly type: string; readonly id: Pointer }
  readonly spend?: { readonly amount_cents: Pointer; readonly currency: string }
  readonly observe?: { readonly tool: string; readonly args: Readonly<Record<string, Pointer>> }
  readonly fill: Readonly<Record<string, Pointer>>
  /** Arguments that may be filled by `$from` references. */
  readonly late: readonly string[]
  /** What an earlier step may give them unasked; a number outside is shown to people first. Absent where none is declared. */
  readonly late_ranges?: Readonly<Record<string, Range>>
  /** What of the observation must still be so when the tool is called; pointers into `/observed`. */
  readonly preconditions?: readonly Pointer[]
  /** How many objects a call touches: a whole number, or a list that is counted, in what was observed and in the output. */
  readonly touches?: { readonly observed: Pointer; readonly output?: Pointer }
  readonly downstream: DownstreamPromise & {
    /** The system that is called, where tools share one; else each tool is its own. */
    readonly name?: string
    readonly rate?: Rate
    readonly breaker?: BreakerRule | 'off'
  }
  /** The promise about the calls that undo; absent where it is that of `downstream`. */
  readonly undo?: DownstreamPromise
  /** What is so in the real system once the call took effect, by the field of what a look finds. */
  readonly postcondition?: Postcondition
  /** What its output can bring into a session; absent where it brings neither. */
  readonly reads?: readonly ReadKind[]
  /** Its arguments leave the organisation. */
  readonly sends?: 'outside'
  /** What each group sees of the output; absent where everybody who may read sees all of it. */
  readonly views?: Readonly<Record<string, View>>
  /** It can list the effects that there are. */
  readonly lists_effects?: true
  readonly pool: string
  /** Names of the credentials the executor resolves per attempt; never their values. */
  readonly credentials: readonly string[]
}

export type ContractStatus = 'live' | 'deprecated' | 'withdrawn'

/** A contract as the registry knows it. */
export interface RegisteredContract {
  readonly contract: Contract
  readonly digest: string
  readonly status: ContractStatus
  readonly note: string | null
}

/** The contract a step was pinned to at admission. */
export interface PinnedContract {
  readonly tool: string
  readonly version: number
  readonly digest: string
}
