import { randomUUID } from 'node:crypto'
import { refused } from './answers.js'

const responseLifeMs = 30 * 60_000
const responseUses = 5

/** What a person did lets the app act once more: open one modal soon, answer five times within 30 min. In memory only. */
export class Triggers {
  constructor(private readonly triggerLifeMs: number) {}

  readonly #triggers = new Map<string, { user: string; at: number; used: boolean }>()
  readonly #responses = new Map<
    string,
    { user: string; channel: string; ts: string | null; at: number; left: number }
  >()

  /** Lets the app open a modal for this person. */
  give(user: string): string {
    const id = `${Date.now()}.${randomUUID()}`
    this.#triggers.set(id, { user, at: Date.now(), used: false })
    return id
  }

  /** Uses a trigger up; gives the person it is of. */
  use(id: string): string {
    const trigger = this.#triggers.get(id)
    if (!trigger) throw refused('invalid_trigger_id')
    if (trigger.used) throw refused('exchanged_trigger_id')
    if (Date.now() - trigger.at > this.triggerLifeMs) throw refused('expired_trigger_id')
    trigger.used = true
    return trigger.user
  }

  /** The path of a response URL, for what happened in a channel, with a message or without one. */
  giveResponse(user: string, channel: string, ts: string | null): string {
    const id = randomUUID()
    this.#responses.set(id, { user, channel, ts, at: Date.now(), left: responseUses })
    return `/response/${id}`
  }

  useResponse(id: string): { user: string; channel: string; ts: string | null } {
    const response = this.#responses.get(id)
    if (!response) throw refused('invalid_url')
    if (response.left === 0 || Date.now() - response.at > responseLifeMs) throw refused('expired_url')
    response.left -= 1
    return response
  }
}
