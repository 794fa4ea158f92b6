/** Somebody of this workspace, a guest of it, or somebody of another one who shares a channel with it. */
export interface SlackUser {
  id: string
  name: string
  real_name: string
  email: string | null
  email_confirmed: boolean
  team_id: string
  kind: 'member' | 'guest' | 'single-channel-guest' | 'stranger' | 'bot'
  deleted: boolean
}

/** A channel, or a direct message between the bot and `user`. */
export interface SlackChannel {
  id: string
  name: string
  /** The other side of a direct message. */
  user: string | null
  /** Whether the bot is in it. */
  joined: boolean
  /** The word with which a change of a message in it is refused; absent where it is taken. */
  refuses?: string | null
}

export type Block = Record<string, unknown>

export interface SlackMessage {
  channel: string
  ts: string
  text: string
  blocks: Block[]
  edited: string | null
}

/** A modal as it was opened or updated; `values` is what has been typed. */
export interface SlackView {
  id: string
  user: string
  hash: string
  content: Record<string, unknown>
}

/** What only one person in a channel sees. */
export interface Ephemeral {
  channel: string
  user: string
  text: string
  blocks: Block[]
  /** Whether it took the place of the one that was clicked. */
  replaces: boolean
}

/** What the workspace can change in its world, or does on a socket; one ledger line each. */
export type SlackEffect =
  | { effect: 'message.posted'; message: SlackMessage }
  | { effect: 'message.updated'; message: SlackMessage }
  | { effect: 'message.deleted'; channel: string; ts: string }
  | { effect: 'ephemeral.posted'; ephemeral: Ephemeral }
  | { effect: 'conversation.opened'; channel: SlackChannel }
  | { effect: 'view.opened'; view: SlackView }
  | { effect: 'view.updated'; view: SlackView }
  | { effect: 'view.closed'; id: string }
  | { effect: 'user.changed'; user: SlackUser }
  | { effect: 'channel.changed'; channel: SlackChannel }
  | { effect: 'envelope.sent'; envelope_id: string; type: string; attempt: number }
  | { effect: 'envelope.acked'; envelope_id: string; took_ms: number; attempt: number; payload: unknown }
  | { effect: 'envelope.given-up'; envelope_id: string }

/** What was there from the start. */
export type SlackSeed = { seed: 'user'; user: SlackUser } | { seed: 'channel'; channel: SlackChannel }
