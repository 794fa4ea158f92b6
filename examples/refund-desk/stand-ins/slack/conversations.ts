import type { Call } from '../call.js'
import type { Outcome } from '../reply.js'
import type { Route } from '../route-table.js'
import { refused, yes } from './answers.js'
import { argumentsOf, textOf } from './arguments.js'
import type { SlackChannel, SlackEffect } from './facts.js'
import type { SlackState } from './state.js'

/** Direct messages between the bot and one person. */
export function conversationRoutes(state: SlackState): Route<SlackEffect>[] {
  return [{ name: 'POST /api/conversations.open', handle: (call) => open(call, state) }]
}

function open(call: Call, state: SlackState): Outcome<SlackEffect> {
  const ids = textOf(argumentsOf(call), 'users').split(',')
  const user = state.users.get(ids[0] ?? '')
  if (!user || ids.length > 1) throw refused('user_not_found')
  if (user.deleted) throw refused('user_disabled')
  const known = state.directMessageWith(user.id)
  if (known) return { reply: yes({ no_op: true, already_open: true, channel: { id: known.id } }) }
  const channel: SlackChannel = { id: state.nextId('D'), name: 'directmessage', user: user.id, joined: true }
  return { reply: yes({ channel: { id: channel.id } }), effect: { effect: 'conversation.opened', channel } }
}
