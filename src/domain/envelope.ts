import type { Amendment, Change } from './amendment.js'
import type { PinnedContract, Risk } from './contract.js'
import type { Schedule } from './escalation.js'
import type { Json, JsonObject } from './json.js'
import type { Money } from './money.js'
import type { Requirements } from './policy.js'
import type { ActionRequest } from './request.js'

/** One step as it would run, as far as that is known when the envelope is sealed. */
export interface EnvelopeStep {
  readonly id: string
  readonly tool: string
  readonly version: number
  readonly title: string
  readonly resource: string
  readonly args: JsonObject
  /** Nothing of it would stay that cannot be undone. */
  readonly undoable: boolean
  /** It only reads; absent where it may change something. */
  readonly reads?: true
  /** Objects it may touch; absent where the contract counts none. */
  readonly touches?: number
  /** That of the contract, with its values; absent where it has none. */
  readonly summary?: string
  /** What it spends; absent where that is nothing, or not known. */
  readonly amount?: Money
  readonly risk?: Risk
  /** What the contract shows as before and after; absent where it shows nothing. */
  readonly changes?: readonly ShownValues[]
}

/** A line that a contract shows, with its values; a side is absent where there is nothing. */
export interface ShownValues {
  readonly label: string
  readonly before?: Json
  readonly after?: Json
  /** The side that the contract names; absent where it names both. */
  readonly only?: 'before' | 'after'
  readonly currency?: string
}

/** What of a step is another than an earlier round was decided on, before and after, oldest first. */
export interface Moved {
  readonly step: string
  readonly changes: readonly Change[]
}

/** What the facts say an approval would be for. Any change of a leaf makes other content, and voids every vote. */
export interface EnvelopeContent {
  readonly tenant: string
  readonly action_id: string
  readonly round: number
  readonly chain: {
    readonly agent: string
    readonly owner: string | null
    readonly on_behalf_of: string | null
    readonly actors?: readonly string[]
  }
  readonly request_digest: string
  /** As it would run: the admitted request, with what people amended laid over it. */
  readonly request: ActionRequest
  /** Digest of the envelope that was amended last; absent where nobody amended anything. */
  readonly previous?: string
  readonly amendments?: readonly Amendment[]
  /** What is asked for: the steps that are still to be done. */
  readonly steps: readonly EnvelopeStep[]
  /** The steps that were done before this round; absent where there are none. */
  readonly done?: readonly EnvelopeStep[]
  readonly observations: Readonly<Record<string, string>>
  /** Absent where nothing moved. */
  readonly moved?: readonly Moved[]
  readonly contracts: Readonly<Record<string, PinnedContract>>
  readonly policy_digest: string
}

/** An earlier action that asked for exactly the same, and that people rejected. */
export interface AskedBefore {
  readonly action_id: string
  readonly at: string
  readonly explanation: string
}

/** The sealed request that votes sign, by its digest. */
export interface Envelope extends EnvelopeContent, Schedule {
  readonly requirements: Requirements
  readonly explanation: string
  readonly expires_at: string
  /** Newest first; absent where there is none. */
  readonly asked_before?: readonly AskedBefore[]
  readonly nonce: string
}

/** The part of an envelope that has to fit the present facts. */
export function contentOf({
  requirements: _r,
  explanation: _e,
  expires_at: _x,
  remind_at: _m,
  reminders: _g,
  escalations: _s,
  asked_before: _b,
  nonce: _n,
  ...content
}: Envelope): EnvelopeContent {
  return content
}
