import type { ControlPlane } from '../control-plane/control-plane.js'
import type { Logger } from '../log.js'
import type { Channel } from '../notify/channel.js'
import { slackChannel } from './channel.js'
import { connectSlack } from './connection.js'
import { listenForCommands } from './listeners/command.js'
import { listenForDecisions } from './listeners/decide.js'
import { listenForLooks } from './listeners/look-closer.js'
import type { SlackOptions } from './options.js'
import { keepPosts } from './posts.js'

const sweepMs = 15_000

/** Slack as a place where people are told, and decide. Returns at once: whether Slack answers is nobody's concern but its own. */
export function startSlack(
  plane: ControlPlane,
  options: SlackOptions,
  logger: Logger,
  sweepEveryMs = sweepMs,
): { readonly channel: Channel; readonly stop: () => Promise<void> } {
  const connection = connectSlack(options, logger)
  const deps = { plane, web: connection.web, options }
  const posts = keepPosts(deps, logger, sweepEveryMs)
  listenForDecisions(connection.app, deps, posts, logger)
  listenForLooks(connection.app, deps, posts, logger)
  listenForCommands(connection.app, deps, logger)
  connection.start()
  return {
    channel: slackChannel(deps, posts),
    stop: async () => {
      await connection.stop()
      await posts.stop()
    },
  }
}
