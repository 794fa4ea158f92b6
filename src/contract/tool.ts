import type { z } from 'zod'
import type {
  AnswerMeaning,
  Binding,
  Contract,
  DownstreamClass,
  EffectClass,
  Pointer,
  Postcondition,
  Range,
  Risk,
  ShownChange,
} from '../domain/contract.js'
import type { JsonObject } from '../domain/json.js'
import type { Effect } from '../domain/lifecycle.js'
import type { ReadKind } from '../domain/session.js'
import type { View } from '../domain/view.js'
import type { CredentialSource } from './credential-source.js'
import type { Duration } from './duration.js'
import type { LimitSettings } from './limit-settings.js'
import { notCommitted } from './not-committed.js'

/** What a tool is given for one call. */
export interface ToolCall {
  /** The same for every try of this call; send it downstream. */
  readonly idempotencyKey: string
  /** Got for this call alone; never log or return them. */
  readonly credentials: Readonly<Record<string, string>>
  /** Aborts at the call's deadline. */
  readonly signal: AbortSignal
  readonly tenant: string
  readonly actionId: string
  /** How many objects the call may touch, where the tool declares `touches`: as many as were observed and decided on. */
  readonly atMost?: number
}

export type { Duration }

/** A secret by reference, read in the executor for each call: `env:NAME` or `file:/path`. */
export type CredentialReference = `env:${string}` | `file:${string}`

/** What the system that a tool calls can do about a repeated call, and when its answers count. */
export interface DownstreamDeclaration {
  readonly class: DownstreamClass
  readonly keyLifetime?: Duration
  readonly callTimeout?: Duration
  /** How long a request that was sent, and got no answer, may still be applied; twice `callTimeout` if left out. */
  readonly settlesWithin?: Duration
  /** How long an effect that was applied may not show to `verify`; no time if left out. */
  readonly readAfterWrite?: Duration
  /**
   * What answers mean, by the `code`, `statusCode` or `status` of what `execute` throws: `{ 409: 'yes', 422: 'no' }`. `yes`
   * is for what says that it was done before, by the same key. Anything else leaves the outcome unknown.
   */
  readonly answers?: Readonly<Record<string, AnswerMeaning>>
}

interface Declaration<Input extends z.ZodObject, Output extends z.ZodObject> {
  /** Lower case words joined by `_`. */
  readonly name: string
  readonly version: number
  readonly title: string
  /** One sentence. */
  readonly description: string
  /**
   * One call in one line, as people read it first: `Refund {/args/amount_cents|usd} on invoice {/args/invoice_id}`. Places
   * take arguments and what was observed; `|usd` makes money of whole hundredths.
   */
  readonly summary?: string
  /**
   * What people are shown as before and after: `{ label: 'Enabled', before: '/observed/enabled', after: '/args/enabled' }`; with
   * one of both only, what is, or what is to be. `currency: 'usd'` makes money of whole hundredths.
   */
  readonly shows?: readonly ShownChange[]
  /** A person, as `person:<name>`. */
  readonly owner: `person:${string}`
  /** Groups whose members may approve. */
  readonly approvers?: readonly string[]
  readonly risk: Risk
  readonly input: Input
  readonly output: Output
  readonly binding?: readonly Binding[]
  readonly resource: { readonly type: string; readonly id: Pointer }
  readonly spend?: { readonly amount_cents: Pointer; readonly currency: string }
  /** A read (effect `none`) made before the decision; its output is `context.observed` and can fill arguments. */
  readonly observe?: { readonly tool: string; readonly args: Readonly<Record<string, Pointer>> }
  /** Arguments taken from `/observed/...` where the request leaves them out. */
  readonly fill?: Readonly<Record<string, Pointer>>
  /**
   * Arguments that earlier steps of a plan may fill. With a range by name, `{ amount_cents: { maximum: 10_000 } }`, a number
   * outside of it is shown to people before it is used; `{}` is no range.
   */
  readonly late?: readonly string[] | Readonly<Record<string, Range>>
  /**
   * What of the observation the call rests on, as `/observed/...`: looked at again right before the call. Where one of
   * them is another than when it was decided, people see both values and are asked again. Needs `observe`.
   */
  readonly preconditions?: readonly Pointer[]
  /**
   * How many objects a call touches. `observed` points at a whole number or a list in what was observed; more than was
   * decided on is never let through. `output` points at the same in the output (`/output/...`): more than that is `diverged`.
   */
  readonly touches?: { readonly observed: Pointer; readonly output?: Pointer }
  readonly downstream: DownstreamDeclaration &
    LimitSettings & {
      /** The system that is called, lower case: tools that name the same one share its rate and its breaker. */
      readonly name?: string
    }
  /** What `verify` must find for the call to count as done: what a pointer leads to, or one of some values. */
  readonly postcondition?: Postcondition
  /** What its output can bring into a session: text that strangers wrote, data that must not get out. */
  readonly reads?: readonly ReadKind[]
  /** Says that its arguments leave the organisation: mail, web requests, other people's systems. */
  readonly sends?: 'outside'
  /** For a read: what the agents of each group see of the output. An agent in none of them sees nothing. */
  readonly views?: Readonly<Record<string, View>>
  /** Where each credential comes from; got in the executor for each call, after it was authorised. */
  readonly credentials?: Readonly<Record<string, CredentialReference | CredentialSource>>
  /** The executor pool that holds the tool's credentials. */
  readonly pool?: string
  /** Says that another tool or version should be used; requests still run. */
  readonly deprecated?: string
  /**
   * The effects of this tool that there are in the downstream, whoever made them, from `since` until `until`; not those
   * that were undone. Those that no action explains are reported.
   */
  readonly listEffects?: ListEffects
  /** Makes the one call. Throw {@link notCommitted} only where it is certain that nothing happened. */
  readonly execute: (args: z.output<Input>, call: ToolCall) => Promise<z.output<Output>>
}

/** An effect as the downstream lists it. */
export interface ListedEffect {
  /** What the downstream calls it. */
  readonly id: string
  /** The key it was made under, where the downstream keeps it. */
  readonly idempotencyKey: string | null
  /** ISO 8601. */
  readonly at: string
  /** One line that says what it is, to a person. */
  readonly summary: string
}

export type ListEffects = (
  span: { readonly since: Date; readonly until: Date },
  call: Pick<ToolCall, 'credentials' | 'signal' | 'tenant'>,
) => Promise<readonly ListedEffect[]>

/**
 * What a look at the real system shows, to be compared with the contract's `postcondition`; `found` is null where nothing
 * of the call is there. `output` gives back an answer that was lost, so that the call can be undone and referred to.
 */
export interface Finding<Output = Record<string, unknown>> {
  readonly found: JsonObject | null
  readonly output?: Output
}

/** Asks the real system what happened: what is there, or the effect itself. `output` is null if the call's answer was lost. */
export type Verify<Input extends z.ZodObject, Output extends z.ZodObject> = (
  args: z.output<Input>,
  output: z.output<Output> | null,
  call: ToolCall,
) => Promise<Effect | Finding<z.output<Output>>>

/** Undoes a committed call. Its `call` carries its own idempotency key. */
export type Compensate<Input extends z.ZodObject, Output extends z.ZodObject> = (
  args: z.output<Input>,
  output: z.output<Output>,
  call: ToolCall,
) => Promise<void>

/**
 * Asks the real system whether a call is undone: `committed` if it is, `not-committed` if the effect of the call still
 * stands. Its `call` carries the idempotency key of the undoing.
 */
export type VerifyCompensation<Input extends z.ZodObject, Output extends z.ZodObject> = (
  args: z.output<Input>,
  output: z.output<Output>,
  call: ToolCall,
) => Promise<Effect>

/** What an adopter writes. The effect decides its shape: reads take neither `verify` nor `compensate`. */
export type ToolDefinition<Input extends z.ZodObject, Output extends z.ZodObject> = Declaration<Input, Output> &
  (
    | ({ readonly effect: 'none'; readonly verify?: never } & WithoutUndo)
    | {
        readonly effect: 'reversible'
        readonly verify: Verify<Input, Output>
        readonly compensate: Compensate<Input, Output>
        /** What the system promises about the calls that undo; that of `downstream` if left out. */
        readonly undo?: DownstreamDeclaration
        /** How an undoing shows in the real system; `verify` read the other way round if left out. */
        readonly verifyCompensation?: VerifyCompensation<Input, Output>
      }
    | ({ readonly effect: 'irreversible'; readonly verify: Verify<Input, Output> } & WithoutUndo)
  )

interface WithoutUndo {
  readonly compensate?: never
  readonly undo?: never
  readonly verifyCompensation?: never
}

/** A tool ready to run: its contract as data, and its effects as code. */
export interface Tool {
  readonly contract: Contract
  readonly digest: string
  readonly deprecated: string | null
  readonly credentials: Readonly<Record<string, CredentialReference | CredentialSource>>
  readonly effect: EffectClass
  /** Parses arguments with the tool's own schema; throws a ZodError, or `NotCommitted` where the schema rewrites them. */
  readonly parseArgs: (args: unknown) => Record<string, unknown>
  /** Parses an output; throws a ZodError. */
  readonly parseOutput: (output: unknown) => Record<string, unknown>
  readonly execute: (args: unknown, call: ToolCall) => Promise<unknown>
  readonly verify: ((args: unknown, output: unknown, call: ToolCall) => Promise<Effect | Finding>) | null
  readonly compensate: ((args: unknown, output: unknown, call: ToolCall) => Promise<void>) | null
  readonly verifyCompensation: ((args: unknown, output: unknown, call: ToolCall) => Promise<Effect>) | null
  readonly listEffects: ListEffects | null
}
