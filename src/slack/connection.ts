import { App, SocketModeReceiver, webApi } from '@slack/bolt'
import type { Logger } from '../log.js'
import { slackLog } from './log.js'
import type { SlackOptions } from './options.js'
import { createSlackWeb, SlackFailure, type SlackWeb } from './web.js'

const callTimeoutMs = 10_000
const helloMs = 15_000
const closeMs = 2_000
const firstPauseMs = 500
const longestPauseMs = 30_000
/** A connection that ends before that is a failure: whoever connected again at once would do nothing else. */
const steadyMs = 10_000

export interface SlackConnection {
  readonly app: App
  readonly web: SlackWeb
  /** Connects, and stays so until `stop`, through every outage. Returns at once. */
  readonly start: () => void
  readonly stop: () => Promise<void>
}

/**
 * Bolt, connected by Socket Mode. It connects again by itself: the client of the SDK would let an outage of Slack end this
 * process, by a rejection that nobody can handle.
 */
export function connectSlack(options: SlackOptions, logger: Logger): SlackConnection {
  const clientOptions = {
    slackApiUrl: options.apiUrl,
    allowAbsoluteUrls: false,
    timeout: callTimeoutMs,
    // What is to be tried again, and when, is decided where it is known what it is for.
    retryConfig: { retries: 0 },
    rejectRateLimitedCalls: true,
  }
  const log = slackLog(logger)
  const receiver = new SocketModeReceiver({
    appToken: options.appToken,
    autoReconnectEnabled: false,
    logger: log,
    installerOptions: { clientOptions: { ...clientOptions } },
  })
  const app = new App({
    receiver,
    authorize: async () => ({ botToken: options.botToken }),
    clientOptions,
    logger: log,
    ignoreSelf: false,
    convoStore: false,
  })
  // Every listener tells what went wrong to whoever clicked; what is left is for the log.
  app.error(async (error) => logger.warn({ of: 'slack', name: error.name }, 'Slack sent what could not be dealt with'))
  const web = createSlackWeb(new webApi.WebClient(options.botToken, { ...clientOptions, logger: log }))
  const { client } = receiver
  outliveMessages(client, logger)
  let stopped = false
  let wake: () => void = () => undefined
  let ended: Promise<void> = Promise.resolve()

  async function keepConnected(): Promise<void> {
    for (let failures = 0; !stopped; ) {
      try {
        await requireOwnTeam(web, options.team)
        const gone = new Promise<void>((resolve) => client.once('disconnected', () => resolve()))
        await within(helloMs, client.start())
        if (stopped) return await disconnect()
        logger.info({ team: options.team }, 'connected to Slack')
        const since = performance.now()
        await gone
        if (!stopped && performance.now() - since < steadyMs) throw new SlackFailure('the connection ended at once')
        failures = 0
        continue
      } catch (error) {
        failures += 1
        const reason = error instanceof SlackFailure ? error.word : 'it does not answer'
        logger.warn({ reason, failures }, 'not connected to Slack; people decide elsewhere meanwhile')
        await disconnect()
      }
      if (!stopped) await pause(Math.min(firstPauseMs * 2 ** (failures - 1), longestPauseMs))
    }
  }

  function disconnect(): Promise<void> {
    return within(closeMs, client.disconnect()).catch(() => undefined)
  }

  function pause(ms: number): Promise<void> {
    return new Promise((resolve) => {
      wake = resolve
      setTimeout(resolve, ms).unref()
    })
  }

  return {
    app,
    web,
    start: () => {
      ended = keepConnected()
    },
    stop: async () => {
      stopped = true
      wake()
      await disconnect()
      // A call that Slack does not answer is not waited for.
      await within(closeMs, ended).catch(() => undefined)
    },
  }
}

/** A message that the client cannot read would end this process, by a rejection that nobody can handle. */
function outliveMessages(client: SocketModeReceiver['client'], logger: Logger): void {
  for (const listener of client.listeners('ws_message')) {
    client.off('ws_message', listener)
    client.on('ws_message', async (...message) => {
      try {
        await listener(...message)
      } catch {
        logger.warn({ of: 'slack' }, 'Slack sent what cannot be read')
      }
    })
  }
}

/** A token of another workspace would bring clicks of people nobody here knows. */
async function requireOwnTeam(web: SlackWeb, team: string): Promise<void> {
  const { team_id } = await web.whoAmI()
  if (team_id !== team) throw new SlackFailure(`the token is of ${team_id}, not of ${team}`)
}

async function within<T>(ms: number, work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new SlackFailure('no answer in time')), ms)
    timer.unref()
  })
  try {
    return await Promise.race([work, late])
  } finally {
    clearTimeout(timer)
  }
}
