import type { Call } from '../call.js'
import type { Outcome } from '../reply.js'
import type { Route } from '../route-table.js'
import { refused, yes } from './answers.js'
import { argumentsOf, optionalText, textOf } from './arguments.js'
import type { SlackEffect, SlackUser } from './facts.js'
import type { SlackState } from './state.js'

const mostOnPage = 200

/** People: one, one by e-mail, all. Addresses only with the scope for them. */
export function userRoutes(state: SlackState, showEmail: boolean): Route<SlackEffect>[] {
  const shown = (user: SlackUser) => userObject(user, state, showEmail)
  return [
    {
      name: 'POST /api/users.info',
      handle: (call) => {
        const user = state.users.get(textOf(argumentsOf(call), 'user'))
        if (!user) throw refused('user_not_found')
        return { reply: yes({ user: shown(user) }) }
      },
    },
    {
      name: 'POST /api/users.lookupByEmail',
      handle: (call) => {
        const email = textOf(argumentsOf(call), 'email').toLowerCase()
        const user = [...state.users.values()].find((each) => each.email?.toLowerCase() === email && !each.deleted)
        if (!user) throw refused('users_not_found')
        return { reply: yes({ user: shown(user) }) }
      },
    },
    { name: 'POST /api/users.list', handle: (call) => list(call, state, shown) },
  ]
}

function list(call: Call, state: SlackState, shown: (user: SlackUser) => object): Outcome<SlackEffect> {
  const args = argumentsOf(call)
  const limit = Math.min(Number(args.limit ?? mostOnPage) || mostOnPage, mostOnPage)
  const from = Number(Buffer.from(optionalText(args, 'cursor') ?? '', 'base64url').toString() || 0)
  const all = [...state.users.values()]
  const next = from + limit < all.length ? Buffer.from(String(from + limit)).toString('base64url') : ''
  return {
    reply: yes({ members: all.slice(from, from + limit).map(shown), response_metadata: { next_cursor: next } }),
  }
}

function userObject(user: SlackUser, state: SlackState, showEmail: boolean): object {
  const guest = user.kind === 'guest' || user.kind === 'single-channel-guest'
  return {
    id: user.id,
    team_id: user.team_id,
    name: user.name,
    real_name: user.real_name,
    deleted: user.deleted,
    is_bot: user.kind === 'bot',
    is_app_user: false,
    is_email_confirmed: user.email_confirmed,
    // A deactivated member is not described any further.
    ...(!user.deleted && {
      is_admin: false,
      is_owner: false,
      is_restricted: guest,
      is_ultra_restricted: user.kind === 'single-channel-guest',
      ...(user.team_id !== state.team && { is_stranger: true }),
    }),
    profile: {
      real_name: user.real_name,
      display_name: user.name,
      team: user.team_id,
      ...(showEmail && user.email !== null && user.team_id === state.team && { email: user.email }),
    },
  }
}
