import type { Call } from '../call.js'
import type { Outcome } from '../reply.js'
import type { Route } from '../route-table.js'
import { badShape, refused, yes } from './answers.js'
import { argumentsOf, optionalText, textOf } from './arguments.js'
import { blockProblems } from './check-blocks.js'
import type { Block, SlackChannel, SlackEffect, SlackMessage } from './facts.js'
import type { SlackState } from './state.js'

const longestText = 40_000
const mostBlocks = 50

/** Messages: post, update, show to one person. */
export function messageRoutes(state: SlackState): Route<SlackEffect>[] {
  return [
    { name: 'POST /api/chat.postMessage', handle: (call) => post(call, state) },
    { name: 'POST /api/chat.update', handle: (call) => update(call, state) },
    { name: 'POST /api/chat.postEphemeral', handle: (call) => showTo(call, state) },
  ]
}

function post(call: Call, state: SlackState): Outcome<SlackEffect> {
  const args = argumentsOf(call)
  const channel = requireChannel(state, textOf(args, 'channel'))
  const { text, blocks } = contentOf(args, state)
  const message: SlackMessage = { channel: channel.id, ts: state.nextTs(call.at), text, blocks, edited: null }
  const reply = yes({ channel: channel.id, ts: message.ts, message: messageObject(message, state) })
  return { reply, effect: { effect: 'message.posted', message } }
}

function update(call: Call, state: SlackState): Outcome<SlackEffect> {
  const args = argumentsOf(call)
  const channel = textOf(args, 'channel')
  const place = state.channels.get(channel)
  if (!place) throw refused('channel_not_found')
  if (place.refuses) throw refused(place.refuses)
  const known = state.message(channel, textOf(args, 'ts'))
  if (!known) throw refused('message_not_found')
  const message = { ...known, ...contentOf(args, state), edited: state.nextTs(call.at) }
  const { text, ts } = message
  return {
    reply: yes({ channel, ts, text, message: messageObject(message, state) }),
    effect: { effect: 'message.updated', message },
  }
}

function showTo(call: Call, state: SlackState): Outcome<SlackEffect> {
  const args = argumentsOf(call)
  const channel = requireChannel(state, textOf(args, 'channel'))
  const user = textOf(args, 'user')
  if (!state.users.has(user)) throw refused('user_not_in_channel')
  const reply = yes({ message_ts: state.nextTs(call.at) })
  return {
    reply,
    effect: {
      effect: 'ephemeral.posted',
      ephemeral: { channel: channel.id, user, ...contentOf(args, state), replaces: false },
    },
  }
}

/** Text and blocks as they are kept: every block has an id of its own. Refuses what Slack would not draw. */
export function contentOf(args: Record<string, unknown>, state: SlackState): { text: string; blocks: Block[] } {
  const text = optionalText(args, 'text') ?? ''
  const given = args.blocks ?? []
  if (text.length > longestText) throw refused('msg_too_long')
  const problems = blockProblems(given, 'message', mostBlocks)
  if (problems.length > 0) throw badShape('invalid_blocks', problems)
  const blocks = given as Block[]
  if (text === '' && blocks.length === 0) throw refused('no_text')
  return { text, blocks: withIds(blocks, state) }
}

/** Slack names the blocks that have no name. */
export function withIds(blocks: readonly Block[], state: SlackState): Block[] {
  return blocks.map((block, index) => ({ block_id: `${state.nextId('B')}_${index}`, ...block }))
}

export function messageObject({ channel: _, edited, ...message }: SlackMessage, state: SlackState): object {
  return {
    type: 'message',
    user: state.botUser,
    bot_id: 'B0DESK',
    app_id: 'A0DESK',
    team: state.team,
    ...message,
    ...(edited !== null && { edited: { user: state.botUser, ts: edited } }),
  }
}

/** A channel by id or name; the id of a person stands for the direct message with them. */
function requireChannel(state: SlackState, idOrName: string): SlackChannel {
  const channel = state.channel(idOrName) ?? state.directMessageWith(idOrName)
  if (!channel) throw refused('channel_not_found')
  if (!channel.joined) throw refused('not_in_channel')
  return channel
}
