/** Something that people are to be told, at one address. */
export interface Delivery {
  readonly tenant: string
  /** The same whenever it is delivered again. */
  readonly id: string
  readonly about: { readonly kind: 'approval' | 'attention'; readonly id: string }
  readonly action_id: string
  readonly notice: 'asked' | 'reminder' | 'escalation' | 'closed'
  /** Which of several notices of a kind, from 1. */
  readonly ordinal: number
  /** When it was noted that they are to be told, ISO 8601. */
  readonly noticed_at: string
  /** Where it stood when it was closed, as `approved`; null where it is not closed, or that was not recorded yet. */
  readonly closed_as: string | null
  /** `person:<name>`, or an address of the channel, as `#finance`; empty where a channel has one only. */
  readonly to: string
  /** The people it is for, as `person:<name>`. */
  readonly recipients: readonly string[]
}

/**
 * A way to reach people. `deliver` resolves once it arrived. What throws is tried again, later and later, and those
 * after it for the same address about the same thing wait for it; so does what takes longer than 20 s. After a crash it may be delivered
 * once more, under the same id.
 */
export interface Channel {
  /** As routes name it: `slack`, `webhook`. */
  readonly name: string
  readonly deliver: (delivery: Delivery) => Promise<void>
}

/** Why something did not arrive. People read the message, and the ledger keeps it: no secrets, nothing that others wrote. */
export class NotDelivered extends Error {
  /** Nobody will ever take it there: it is not tried again. */
  readonly final: boolean
  constructor(message: string, { final = false }: { readonly final?: boolean } = {}) {
    super(message)
    this.name = 'NotDelivered'
    this.final = final
  }
}
