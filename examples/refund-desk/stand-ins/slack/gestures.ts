import { randomUUID } from 'node:crypto'
import { UnusableSeed } from '../seed.js'
import type { Block, SlackEffect, SlackUser, SlackView } from './facts.js'
import { messageObject } from './messages.js'
import type { Delivered, Envelope, Sockets } from './sockets.js'
import type { SlackState } from './state.js'
import type { Triggers } from './triggers.js'
import { contentOf, viewObject } from './views.js'

/** A click on a button of a message or of a modal, as it stands. */
export interface Click {
  user: string
  channel?: string
  ts?: string
  view?: string
  /** As the person still sees it: an older state of the message, or one that only they see. */
  blocks?: Block[]
  action_id: string
  /** In place of what the button carries. */
  value?: string
}

/** What people do in the workspace, as the payloads that tell the app. */
export class Gestures {
  constructor(
    private readonly state: SlackState,
    private readonly triggers: Triggers,
    private readonly sockets: Sockets,
    private readonly record: (effect: SlackEffect) => void,
    /** Where the app reaches response URLs. */
    private readonly base: () => string,
  ) {}

  click(click: Click): Promise<Delivered> {
    return this.sockets.send(this.clickEnvelope(click))
  }

  clickEnvelope({ user, channel = '', ts = '', view: viewId, blocks, action_id, value }: Click): Envelope {
    const view = viewId === undefined ? undefined : this.#view(viewId)
    const message = view ? undefined : this.state.message(channel, ts)
    if (!view && !blocks && !message) throw new UnusableSeed(`there is no message ${channel} ${ts}`)
    const drawn = blocks ?? (view ? (view.content.blocks as Block[]) : (message?.blocks ?? []))
    const { block_id, button } = buttonIn(drawn, action_id)
    const action = {
      type: 'button',
      action_id,
      block_id,
      text: button.text,
      ...((value ?? button.value) !== undefined && { value: value ?? button.value }),
      action_ts: this.state.nextTs(new Date()),
    }
    const place = view
      ? { container: { type: 'view', view_id: view.id }, view: viewObject(view, this.state) }
      : {
          container: { type: 'message', message_ts: ts, channel_id: channel, is_ephemeral: message === undefined },
          channel: { id: channel, name: this.state.channel(channel)?.name ?? 'directmessage' },
          ...(message && { message: messageObject(message, this.state) }),
          response_url: `${this.base()}${this.triggers.giveResponse(user, channel, message ? ts : null)}`,
          state: { values: {} },
        }
    return this.#interactive({ type: 'block_actions', ...this.#who(user), ...place, actions: [action] })
  }

  /** Submits a modal with what was typed: `{block: {action: text}}`. What the app answers is what happens to it. */
  async submit(user: string, viewId: string, typed: Record<string, Record<string, string>>): Promise<Delivered> {
    const view = this.#view(viewId)
    const values = Object.fromEntries(
      Object.entries(typed).map(([block, inputs]) => [
        block,
        Object.fromEntries(Object.entries(inputs).map(([id, value]) => [id, { type: 'plain_text_input', value }])),
      ]),
    )
    const seen = viewObject(view, this.state, values)
    const payload = { type: 'view_submission', ...this.#who(user), view: seen, response_urls: [] }
    const delivered = await this.sockets.send({ ...this.#interactive(payload), accepts_response_payload: true })
    if (delivered.delivered) this.#answered(view, delivered.payload)
    return delivered
  }

  command(user: string, channel: string, command: string, text: string): Promise<Delivered> {
    const { id, name, team_id } = this.#user(user)
    return this.sockets.send({
      envelope_id: randomUUID(),
      type: 'slash_commands',
      accepts_response_payload: true,
      payload: {
        token: 'verification',
        team_id,
        team_domain: 'desk',
        channel_id: channel,
        channel_name: this.state.channel(channel)?.name ?? 'directmessage',
        user_id: id,
        user_name: name,
        command,
        text,
        api_app_id: 'A0DESK',
        is_enterprise_install: 'false',
        response_url: `${this.base()}${this.triggers.giveResponse(user, channel, null)}`,
        trigger_id: this.triggers.give(user),
      },
    })
  }

  #answered(view: SlackView, answer: unknown): void {
    const { response_action, view: content } = (answer ?? {}) as { response_action?: string; view?: unknown }
    if (response_action === 'errors') return
    if (response_action === 'update') {
      const updated = { ...view, hash: randomUUID(), content: contentOf(content, this.state) }
      this.record({ effect: 'view.updated', view: updated })
    } else this.record({ effect: 'view.closed', id: view.id })
  }

  #interactive(payload: object): Envelope {
    return { envelope_id: randomUUID(), type: 'interactive', payload, accepts_response_payload: false }
  }

  #who(id: string): object {
    const user = this.#user(id)
    return {
      user: { id: user.id, username: user.name, name: user.name, team_id: user.team_id },
      api_app_id: 'A0DESK',
      token: 'verification',
      trigger_id: this.triggers.give(user.id),
      team: { id: user.team_id, domain: 'desk' },
      enterprise: null,
      is_enterprise_install: false,
    }
  }

  #user(id: string): SlackUser {
    const user = this.state.users.get(id)
    if (!user) throw new UnusableSeed(`there is no user ${id}`)
    return user
  }

  #view(id: string): SlackView {
    const view = this.state.views.get(id)
    if (!view) throw new UnusableSeed(`there is no modal ${id}`)
    return view
  }
}

function buttonIn(blocks: readonly Block[], action_id: string): { block_id: string; button: Block } {
  for (const block of blocks) {
    const elements = [...((block.elements as Block[] | undefined) ?? []), block.accessory as Block | undefined]
    const button = elements.find((element) => element?.action_id === action_id)
    if (button) return { block_id: String(block.block_id), button }
  }
  throw new UnusableSeed(`there is no button ${action_id} in it`)
}
