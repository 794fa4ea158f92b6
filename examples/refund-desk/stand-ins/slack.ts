/**
 * A Slack workspace that speaks the Web API and Socket Mode well enough for the real Bolt, remembers what happened in a
 * file, and can be told to fail. Run it as its own process:
 * `node --import tsx stand-ins/slack.ts --port 0 --ledger slack.jsonl`
 *
 * SLACK_BOT_TOKEN, SLACK_APP_TOKEN  the tokens it accepts (default `xoxb-refund-desk`, `xapp-refund-desk`)
 * SLACK_TEAM                        the workspace the app is installed in (default `T0DESK`)
 * SLACK_SCOPES                      what the bot token may do (default all that `docs/SLACK.md` asks for)
 * SLACK_PATIENCE_MS                 how long the app has to acknowledge, and to open a modal (default 3000)
 */
import { readMilliseconds } from './process-options.js'
import { plainAnswers, yes } from './slack/answers.js'
import { authorize } from './slack/authorize.js'
import { SlackControl } from './slack/control.js'
import { conversationRoutes } from './slack/conversations.js'
import type { SlackEffect, SlackSeed } from './slack/facts.js'
import { Gestures } from './slack/gestures.js'
import { messageRoutes } from './slack/messages.js'
import { responseRoutes } from './slack/responses.js'
import { readSlackSeed } from './slack/seed.js'
import { Sockets } from './slack/sockets.js'
import { SlackState } from './slack/state.js'
import { Triggers } from './slack/triggers.js'
import { userRoutes } from './slack/users.js'
import { viewRoutes } from './slack/views.js'
import type { World } from './stand-in.js'
import { runStandIn } from './stateful-server.js'

const tokens = {
  bot: process.env.SLACK_BOT_TOKEN ?? 'xoxb-refund-desk',
  app: process.env.SLACK_APP_TOKEN ?? 'xapp-refund-desk',
  scopes: (process.env.SLACK_SCOPES ?? 'chat:write,commands,im:write,users:read,users:read.email').split(','),
}
const state = new SlackState(process.env.SLACK_TEAM ?? 'T0DESK', 'U0BOT')
const patienceMs = readMilliseconds('SLACK_PATIENCE_MS', 3_000)
const triggers = new Triggers(patienceMs)
let world: World<SlackEffect> | undefined
const record = (effect: SlackEffect) => world?.record(effect)
const sockets = new Sockets(record, patienceMs)
const gestures = new Gestures(state, triggers, sockets, record, () => world?.url() ?? '')
const control = new SlackControl(state, gestures, sockets, record)

runStandIn<SlackEffect, SlackSeed>({
  name: 'slack',
  routes: [
    {
      name: 'POST /api/auth.test',
      handle: () => ({
        reply: yes({
          url: 'https://desk.slack.com/',
          team: 'desk',
          team_id: state.team,
          user: 'exequatur',
          user_id: state.botUser,
          bot_id: 'B0DESK',
        }),
      }),
    },
    sockets.route(),
    ...messageRoutes(state),
    ...conversationRoutes(state),
    ...userRoutes(state, tokens.scopes.includes('users:read.email')),
    ...viewRoutes(state, triggers),
    ...responseRoutes(state, triggers),
  ],
  answers: plainAnswers,
  // No keys, no memory: what was posted twice is there twice.
  memory: { recall: () => undefined, keep: () => ({}) },
  authorize: (call) => authorize(call, tokens),
  apply: (line) => state.apply(line),
  readSeed: (body) => readSlackSeed(body, state),
  otherwise: (effect) =>
    effect.effect === 'message.posted' ? { ...effect, message: { ...effect.message, text: 'Something else' } } : effect,
  headers: () => ({ 'x-oauth-scopes': tokens.scopes.join(',') }),
  open: (given) => {
    world = given
    return {
      control: (method, url, json) => control.answer(method, url, json),
      upgrade: (request, socket, head) => sockets.upgrade(request, socket, head),
      close: () => sockets.close(),
    }
  },
})
