import { randomUUID } from 'node:crypto'
import type { Reply } from '../reply.js'
import { UnusableSeed } from '../seed.js'
import type { SlackChannel, SlackEffect, SlackUser } from './facts.js'
import type { Click, Gestures } from './gestures.js'
import type { Envelope, Sockets } from './sockets.js'
import type { SlackState } from './state.js'

/**
 * What a test does as a person of the workspace, and what it looks at. `POST /_click`, `/_submit`, `/_command`,
 * `/_replay`, `/_envelope` resolve once the app has acknowledged, or has not; `times` in a click sends as many at once.
 */
export class SlackControl {
  constructor(
    private readonly state: SlackState,
    private readonly gestures: Gestures,
    private readonly sockets: Sockets,
    private readonly record: (effect: SlackEffect) => void,
  ) {}

  async answer(method: string, url: URL, json: unknown): Promise<Reply | undefined> {
    const said = (json ?? {}) as Record<string, never>
    const asked = (name: string) => url.searchParams.get(name) ?? undefined
    const seen = (body: object): Reply => ({ status: 200, body })
    switch (`${method} ${url.pathname}`) {
      case 'POST /_click': {
        const { times = 1, ...click } = said as unknown as Click & { times?: number }
        const all = await Promise.all(Array.from({ length: times }, () => this.gestures.click(click)))
        return seen({ deliveries: all })
      }
      case 'POST /_submit':
        return seen({ deliveries: [await this.gestures.submit(said.user ?? '', said.view ?? '', said.values ?? {})] })
      case 'POST /_command': {
        const { user = '', channel = '', command = '', text = '' } = said
        return seen({ deliveries: [await this.gestures.command(user, channel, command, text)] })
      }
      case 'POST /_replay': {
        const again = await this.sockets.replay(said.envelope_id ?? '')
        if (!again) throw new UnusableSeed(`there is no envelope ${said.envelope_id}`)
        return seen({ deliveries: [again] })
      }
      case 'POST /_envelope': {
        const { type = 'interactive', payload = {} } = said
        const forged: Envelope = { envelope_id: randomUUID(), type, payload, accepts_response_payload: false }
        return seen({ deliveries: [await this.sockets.send(forged)] })
      }
      case 'POST /_refresh':
        this.sockets.refresh(said.reason ?? 'refresh_requested')
        return { status: 204 }
      case 'POST /_fleeting':
        this.sockets.fleeting = Boolean(said.fleeting)
        if (this.sockets.fleeting) this.sockets.refresh('refresh_requested')
        return { status: 204 }
      case 'POST /_user':
        return seen({ user: this.#change(said as unknown as Partial<SlackUser> & { id: string }) })
      case 'POST /_channel':
        return seen({ channel: this.#changeChannel(said as unknown as Partial<SlackChannel> & { id: string }) })
      case 'GET /_messages':
        return seen({ messages: this.state.messagesIn(this.#channel(asked('channel'), asked('user'))) })
      case 'GET /_ephemerals':
        return seen({ ephemerals: this.state.ephemerals.filter(({ user }) => user === (asked('user') ?? user)) })
      case 'GET /_views':
        return seen({ views: [...this.state.views.values()].filter(({ user }) => user === (asked('user') ?? user)) })
      case 'GET /_connections':
        return seen({ connections: this.sockets.connections })
      default:
        return undefined
    }
  }

  /** Deactivates somebody, makes them a guest, and the like. */
  #change(change: Partial<SlackUser> & { id: string }): SlackUser {
    const known = this.state.users.get(change.id)
    if (!known) throw new UnusableSeed(`there is no user ${change.id}`)
    const user = { ...known, ...change }
    this.record({ effect: 'user.changed', user })
    return user
  }

  /** Archives a channel, and the like: messages in it are changed no more. */
  #changeChannel(change: Partial<SlackChannel> & { id: string }): SlackChannel {
    const known = this.state.channels.get(change.id)
    if (!known) throw new UnusableSeed(`there is no channel ${change.id}`)
    const channel = { ...known, ...change }
    this.record({ effect: 'channel.changed', channel })
    return channel
  }

  /** A channel, or the direct message with somebody; all if neither is named. */
  #channel(channel: string | undefined, user: string | undefined): string | undefined {
    if (user === undefined) return channel && (this.state.channel(channel)?.id ?? channel)
    return this.state.directMessageWith(user)?.id ?? 'none'
  }
}
