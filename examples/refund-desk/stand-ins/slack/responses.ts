import type { Call } from '../call.js'
import type { Outcome } from '../reply.js'
import type { Route } from '../route-table.js'
import { argumentsOf } from './arguments.js'
import type { SlackEffect } from './facts.js'
import { contentOf } from './messages.js'
import type { SlackState } from './state.js'
import type { Triggers } from './triggers.js'

/** Answers to what somebody did, through the response URL that came with it. */
export function responseRoutes(state: SlackState, triggers: Triggers): Route<SlackEffect>[] {
  return [{ name: 'POST /response/:id', handle: (call) => respond(call, state, triggers) }]
}

function respond(call: Call, state: SlackState, triggers: Triggers): Outcome<SlackEffect> {
  const args = argumentsOf(call)
  const { user, channel, ts } = triggers.useResponse(call.names.id ?? '')
  const reply = { status: 200, body: { ok: true } }
  const original = ts === null ? undefined : state.message(channel, ts)
  if (original && args.delete_original === true)
    return { reply, effect: { effect: 'message.deleted', channel, ts: original.ts } }
  const content = contentOf(args, state)
  if (original && args.replace_original === true)
    return { reply, effect: { effect: 'message.updated', message: { ...original, ...content } } }
  if (args.response_type === 'in_channel')
    return {
      reply,
      effect: {
        effect: 'message.posted',
        message: { channel, ts: state.nextTs(call.at), ...content, edited: null },
      },
    }
  const replaces = ts === null && args.replace_original === true
  return { reply, effect: { effect: 'ephemeral.posted', ephemeral: { channel, user, ...content, replaces } } }
}
