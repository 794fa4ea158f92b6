import type { LedgerLine } from '../effect-ledger.js'
import type { Ephemeral, SlackChannel, SlackEffect, SlackMessage, SlackSeed, SlackUser, SlackView } from './facts.js'

/** Everything the workspace knows, as the ledger's lines tell it. */
export class SlackState {
  readonly users = new Map<string, SlackUser>()
  readonly channels = new Map<string, SlackChannel>()
  readonly views = new Map<string, SlackView>()
  readonly ephemerals: (Ephemeral & { at: string })[] = []
  /** By channel and moment, oldest first. */
  readonly #messages = new Map<string, SlackMessage>()
  #lastMoment = 0
  #ids = 0

  /** @param team the workspace that the app is installed in */
  constructor(
    readonly team: string,
    readonly botUser: string,
  ) {}

  apply(line: LedgerLine<SlackEffect, SlackSeed>): void {
    this.#ids += 1
    if (line.kind === 'seed' && line.seed === 'user') this.users.set(line.user.id, line.user)
    if (line.kind === 'seed' && line.seed === 'channel') this.channels.set(line.channel.id, line.channel)
    if (line.kind !== 'effect') return
    switch (line.effect) {
      case 'message.posted':
      case 'message.updated':
        this.#messages.set(`${line.message.channel} ${line.message.ts}`, line.message)
        this.#lastMoment = Math.max(this.#lastMoment, Number(line.message.ts.replace('.', '')))
        return
      case 'message.deleted':
        this.#messages.delete(`${line.channel} ${line.ts}`)
        return
      case 'ephemeral.posted':
        this.ephemerals.push({ ...line.ephemeral, at: line.at })
        return
      case 'conversation.opened':
      case 'channel.changed':
        this.channels.set(line.channel.id, line.channel)
        return
      case 'view.opened':
      case 'view.updated':
        this.views.set(line.view.id, line.view)
        return
      case 'view.closed':
        this.views.delete(line.id)
        return
      case 'user.changed':
        this.users.set(line.user.id, line.user)
        return
      default:
        return
    }
  }

  message(channel: string, ts: string): SlackMessage | undefined {
    return this.#messages.get(`${channel} ${ts}`)
  }

  messagesIn(channel?: string): SlackMessage[] {
    return [...this.#messages.values()].filter((message) => channel === undefined || message.channel === channel)
  }

  /** By id, or by name with or without `#`. */
  channel(idOrName: string): SlackChannel | undefined {
    const name = idOrName.replace(/^#/, '')
    return this.channels.get(idOrName) ?? [...this.channels.values()].find((channel) => channel.name === name)
  }

  directMessageWith(user: string): SlackChannel | undefined {
    return [...this.channels.values()].find((channel) => channel.user === user)
  }

  /** The moment a new message, or a click, gets: microseconds that no other one has. */
  nextTs(at: Date): string {
    const moment = Math.max(at.getTime() * 1_000, this.#lastMoment + 1)
    this.#lastMoment = moment
    return `${Math.floor(moment / 1_000_000)}.${String(moment % 1_000_000).padStart(6, '0')}`
  }

  /** An id that nothing else has, also after a restart. */
  nextId(kind: 'D' | 'V' | 'B'): string {
    return `${kind}0${(1_000_000 + this.#ids).toString(36).toUpperCase()}`
  }
}
