/** Times are milliseconds of the machine's clock. Everything here was written by others; nothing is taken for true alone. */

/** What a client wrote down before and after each call. */
export type ClientLine =
  | {
      readonly kind: 'asking'
      readonly at: number
      readonly tenant: string
      readonly agent: string
      readonly request_id: string
      readonly steps: readonly AskedStep[]
    }
  | {
      readonly kind: 'answered'
      readonly at: number
      readonly tenant: string
      readonly request_id: string
      /** null: no answer came. */
      readonly status: number | null
      readonly action_id: string | null
      readonly code: string | null
    }
  /** Before and after each try to have it cancelled. */
  | {
      readonly kind: 'cancelling' | 'cancelled'
      readonly at: number
      readonly tenant: string
      readonly request_id: string
      readonly action_id: string
      /** null: no answer came. */
      readonly status?: number | null
      readonly code?: string | null
    }

export interface AskedStep {
  readonly id: string
  readonly system: 'keyed' | 'queryable' | 'blind'
  readonly tool: string
  readonly subject: string
  readonly amount: number
}

/** What a person wrote down before and after each vote or decision. */
export interface VoteLine {
  readonly kind: 'voting' | 'voted'
  readonly at: number
  readonly tenant: string
  readonly person: string
  readonly approval_id: string
  readonly action_id: string
  readonly envelope_digest: string
  readonly vote: 'approve' | 'reject' | 'withdraw'
  /** Until when the person was told that it is open. */
  readonly expires_at?: number
  readonly status?: number | null
}

export interface OrderLine {
  readonly kind: 'ordering' | 'ordered'
  readonly at: number
  readonly tenant: string
  readonly person: string
  readonly action_id: string
  readonly step: string
  readonly choice: string
  readonly status?: number | null
}

/** What an adversary tried, and what it was answered. */
export interface ForgeryLine {
  readonly at: number
  readonly what: string
  readonly target: string
  /** An HTTP status; null where it went to Temporal. */
  readonly status: number | null
}

/** A line of the downstream's own books. */
export interface BookedLine {
  readonly kind: 'effect' | 'undo'
  readonly seq: number
  readonly at: number
  readonly received_at: number
  readonly system: string
  readonly id: string
  readonly of: string | null
  readonly tenant: string
  readonly action: string
  readonly subject: string
  readonly amount: number
  readonly key: string | null
  readonly pid: number
}

/** What the downstream noted of requests and answers, whatever came of them. */
export interface RequestLine {
  readonly kind: 'request' | 'answer' | 'half'
  readonly at: number
  readonly received_at?: number
  readonly tenant?: string
  readonly subject: string
  readonly key?: string | null
  readonly pid: number
  readonly mode?: string
}

/** What was done to the processes, by whoever did it. */
export type FaultLine =
  | {
      readonly kind: 'killed'
      readonly at: number
      readonly who: string
      readonly pid: number
      readonly why: string
      /** In the crash matrix: for the how manyth time in one action. */
      readonly death?: number
    }
  | { readonly kind: 'paused'; readonly at: number; readonly until: number; readonly pid: number }
  | {
      readonly kind: 'outage'
      /** When it was ended, when its start was asked for, and when it had started. */
      readonly at: number
      readonly until: number
      readonly back: number
      readonly of: string
    }
  | { readonly kind: 'operator'; readonly at: number; readonly what: string; readonly workflow_id: string }
  | {
      readonly kind: 'stop'
      readonly tenant: string
      readonly tool: string
      /** When it was acknowledged, and when its end was asked for. */
      readonly at: number
      readonly until: number
    }

/** What our API said of an action at the very end. */
export interface FinalLine {
  readonly tenant: string
  readonly action_id: string
  readonly status: number
  readonly outcome: string | null
  /** Why it did not succeed. */
  readonly code: string | null
  readonly steps: readonly { readonly id: string; readonly status: string; readonly effect: string | null }[]
  /** What it waits for, if it has not ended: a person who was shown it as open, and can decide on it. */
  readonly waits: 'person' | null
  readonly seconds_after_faults: number
}

/** Our ledger, by plain SQL: claims. */
export interface Claims {
  readonly actions: readonly {
    readonly tenant: string
    readonly id: string
    readonly request_id: string
    readonly outcome: string | null
    readonly admitted_at: number
    readonly ended_at: number | null
  }[]
  readonly intents: readonly (CallRow & {
    readonly idempotency_key: string
    readonly intended_at: number
    readonly envelope_digest: string | null
    readonly tool: string
  })[]
  readonly attempts: readonly (CallRow & { readonly attempt: number; readonly attempted_at: number })[]
  readonly outcomes: readonly (CallRow & {
    readonly attempt: number
    readonly effect: string
    readonly recorded_at: number
  })[]
  readonly consumptions: readonly {
    readonly tenant: string
    readonly envelope_digest: string
    readonly step: string
    readonly action_id: string
    readonly generation: number
  }[]
  readonly attentions: readonly {
    readonly tenant: string
    readonly action_id: string
    readonly step: string
    readonly opened_at: number
  }[]
  readonly trails: readonly {
    readonly tenant: string
    readonly seq: number
    readonly action_id: string
    readonly run_id: string
    readonly history: string
    readonly history_digest: string
    readonly previous: string
    readonly digest: string
  }[]
}

export interface CallRow {
  readonly tenant: string
  readonly action_id: string
  readonly step: string
  readonly phase: string
  readonly generation: number
}

/** A history as the Temporal CLI gave it, and whether it replays. */
export interface HistoryLine {
  readonly workflow_id: string
  readonly events: number
  readonly replays: boolean
  readonly detail: string | null
}

/** What was agreed on before the run. */
export interface Rules {
  readonly tiers: { readonly one: number; readonly two: number }
  /** People by group, and who owns the agents. */
  readonly groups: Readonly<Record<string, readonly string[]>>
  readonly owner: string
  readonly call_timeout_ms: number
  readonly settle_within_s: number
  /** How long people have to decide. */
  readonly approval_ttl_ms: number
  /** People decide all that they are asked: nothing may wait for them in the end. */
  readonly people_decide: boolean
  /** With a smaller share of successes, hardly anything was put to the test: the run is not valid. */
  readonly least_successes: number
  /** Of what the tools of a budget do in each tenant: their number, or their sum. */
  readonly budgets: readonly {
    readonly name: string
    readonly of: 'writes' | 'spend_cents'
    readonly limit: number
    readonly tools: readonly string[] | null
    /** More was asked for than it has, until no more was to be had: then it is used up, to the last of it. */
    readonly used_up?: boolean
    /** More is asked for than it has: where it refuses nobody, it was not put to the test, and the run is not valid. */
    readonly refuses?: boolean
  }[]
  /** Where a process was to die: once at least, or, for two, again in the recovery from that. Empty but for a matrix. */
  readonly crash_points: readonly { readonly point: string; readonly deaths: 1 | 2 }[]
  readonly canary: string
}

export interface Evidence {
  readonly rules: Rules
  readonly clients: readonly ClientLine[]
  readonly votes: readonly VoteLine[]
  readonly orders: readonly OrderLine[]
  readonly forgeries: readonly ForgeryLine[]
  readonly books: readonly BookedLine[]
  readonly requests: readonly RequestLine[]
  readonly faults: readonly FaultLine[]
  readonly final: readonly FinalLine[]
  readonly claims: Claims
  readonly histories: readonly HistoryLine[]
  /** Places in which a planted secret was found. */
  readonly leaks: readonly string[]
}

export const invariants = ['I1', 'I2', 'I3', 'I4', 'I5', 'I6', 'I7', 'I8', 'I9', 'I10', 'I11', 'I12'] as const
export type Invariant = (typeof invariants)[number]

export interface Violation {
  readonly invariant: Invariant
  /** How it is counted in the report. */
  readonly sort: 'lost' | 'duplicated' | 'unauthorised' | 'untruthful' | 'over budget' | 'other'
  readonly about: string
  readonly detail: string
}

export type Check = (evidence: Evidence) => readonly Violation[]
