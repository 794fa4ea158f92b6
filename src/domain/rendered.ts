import type { Risk } from './contract.js'
import type { Escalation } from './escalation.js'
import type { Flag } from './flags.js'
import type { Money } from './money.js'
import type { Requirements } from './policy.js'

/**
 * A text as people are shown it: nothing in it can act on a terminal or a page, or pass for a space. Line breaks,
 * backslashes and what is unseen are escaped, so that different texts are shown differently. `cut`: a part in its middle
 * is left out, which the text says; how many characters, and the digest of the whole.
 */
export interface Shown {
  readonly text: string
  readonly cut?: { readonly left: number; readonly digest: string }
}

/**
 * A value, with its JSON type: `"1"` and `1` have the same text. `empty` is `{}` or `[]`; `json` a list or an object,
 * and `money` an amount, which only differences have.
 */
export interface ShownValue extends Shown {
  readonly type: 'string' | 'number' | 'boolean' | 'null' | 'empty' | 'json' | 'money'
}

/** A leaf of the arguments, by the names on the way to it. */
export interface RenderedArgument {
  /** `invoice_id`, `customer/email`; in quotes where it could be taken for something else. */
  readonly name: Shown
  readonly value: Shown
  readonly type: ShownValue['type']
}

/** What is one way and is to be another; null where there is nothing. */
export interface RenderedChange {
  readonly name: Shown
  readonly before: ShownValue | null
  readonly after: ShownValue | null
  /** `before`: it is no change, but what is so; `after`: what it is to be, whatever it is now. The other side is null. */
  readonly only?: 'before' | 'after'
}

/** One step as it would run. */
export interface RenderedStep {
  readonly id: string
  readonly tool: string
  readonly version: number
  readonly title: string
  /** The contract's summary with its values; else title, amount and resource. Values are in quotes unless they are plain. */
  readonly summary: Shown
  /** The id is in quotes where it could be taken for something else; empty where there is none. */
  readonly resource: { readonly type: string; readonly id: Shown }
  readonly amount: Money | null
  readonly risk: Risk
  /** Nothing of it would stay that cannot be undone. */
  readonly undoable: boolean
  /** It only reads; absent where it may change something. */
  readonly reads?: true
  /** Objects it may touch at most; null where the contract counts none. */
  readonly touches: number | null
  /** What the contract says is to change, before and after. */
  readonly changes: readonly RenderedChange[]
  /** Every leaf of the arguments, or counted in `hidden`. */
  readonly args: readonly RenderedArgument[]
  readonly hidden: number
}

/**
 * What approvers are shown, drawn from the sealed envelope alone: every surface draws this, and a vote names its digest.
 * All texts are ready to be shown as plain text; what the agent wrote itself is in `said`, and in nothing else but
 * arguments, resources and ids.
 */
export interface Rendering {
  readonly rendering: 1
  readonly tenant: string
  /** Highest of the steps. */
  readonly risk: Risk
  /** What happens, in one line: the summary of the one step, or how many steps there are and what they are called. */
  readonly headline: Shown
  /** Of all steps together; null where there is none, or more than one currency. */
  readonly amount: Money | null
  /** What it is done to: the resource of the one step, or how many. */
  readonly target: Shown
  readonly flags: readonly (Pick<Flag, 'says'> & { readonly name: string })[]
  readonly asks: {
    readonly agent: string
    readonly owner: string | null
    readonly on_behalf_of: string | null
    readonly actors: readonly string[]
  }
  readonly steps: readonly RenderedStep[]
  /** Done already, and not asked for again. */
  readonly done: readonly Pick<RenderedStep, 'id' | 'tool' | 'version' | 'title' | 'resource'>[]
  /** What is not as it was when this was decided before. */
  readonly moved: readonly (RenderedChange & { readonly step: string })[]
  /** What people changed since the agent asked. */
  readonly amendments: readonly {
    readonly step: string
    readonly amended_by: string
    readonly reason: Shown
    readonly changes: readonly RenderedChange[]
  }[]
  /** Digest of the envelope that was amended; null where none was. */
  readonly previous: string | null
  /** Whose policy asks people, and in which words. */
  readonly policy: { readonly digest: string; readonly says: string }
  readonly requirements: Requirements
  /** The plan's own limits, as `spend_cents` 5000; empty where it set none. */
  readonly bounds: readonly { readonly name: string; readonly limit: number }[]
  /** What happens then, each in a sentence or two. */
  readonly then: { readonly approve: string; readonly reject: string; readonly silence: string }
  /** ISO 8601. */
  readonly expires_at: string
  readonly remind_at: string | null
  readonly escalations: readonly Escalation[]
  /** What it belongs to: ticket, incident, user, request. */
  readonly binding: readonly { readonly kind: 'ticket' | 'incident' | 'user' | 'request'; readonly id: Shown }[]
  /** The agent's own words; nobody verified them. */
  readonly said: readonly { readonly kind: 'goal' | 'reason'; readonly text: Shown }[]
  /** Exactly the same was asked before, and rejected. */
  readonly asked_before: readonly { readonly action_id: string; readonly at: string; readonly explanation: Shown }[]
}
