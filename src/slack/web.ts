import { type RespondFn, type types, webApi } from '@slack/bolt'
import { NotDelivered } from '../notify/channel.js'

/** What is posted: blocks, and the text that notifications show. */
export interface Drawing {
  readonly text: string
  readonly blocks: readonly types.KnownBlock[]
}

export type Modal = types.ModalView

/** Somebody of the workspace, as Slack describes them now. */
export type SlackProfile = NonNullable<webApi.UsersInfoResponse['user']>

/** The calls of Slack's Web API that we make, each of which fails with a {@link SlackFailure}. */
export type SlackWeb = ReturnType<typeof createSlackWeb>

/** Slack did not do it. `word` is its own short reason; secrets are in none of it. */
export class SlackFailure extends NotDelivered {
  constructor(
    readonly word: string,
    /** When it is worth trying again, in milliseconds since 1970; null if Slack does not say. */
    readonly againAt: number | null = null,
    /** It says no to what it was asked, and not that it, or the token, is not well. */
    readonly refused = false,
  ) {
    super(`Slack: ${word}`)
  }
}

/** Words that say nothing of what was asked: Slack has troubles of its own, or does not take our token. */
const unwell = new Set([
  'internal_error',
  'fatal_error',
  'service_unavailable',
  'request_timeout',
  'ratelimited',
  'accesslimited',
  'not_authed',
  'invalid_auth',
  'not_allowed_token_type',
  'token_expired',
  'token_revoked',
  'account_inactive',
  'org_login_required',
  'missing_scope',
])

// The text is for notifications and readers of screens; nothing in it becomes a link, a mention or a preview.
const inert = { parse: 'none', mrkdwn: false, link_names: false, unfurl_links: false, unfurl_media: false } as const

export function createSlackWeb(client: webApi.WebClient) {
  const again = new Map<string, number>()
  /** Slack limits each method by itself: what it asked to wait is waited, and not even asked for. */
  const call = async <T>(method: string, work: () => Promise<T>): Promise<T> => {
    const againAt = again.get(method) ?? 0
    if (Date.now() < againAt) throw new SlackFailure('ratelimited', againAt)
    try {
      return await work()
    } catch (error) {
      const failure = failureOf(error)
      if (failure.againAt !== null) again.set(method, failure.againAt)
      throw failure
    }
  }
  return {
    whoAmI: () => call('auth.test', () => client.auth.test()),
    post: async (channel: string, { text, blocks }: Drawing) => {
      const posted = await call('chat.postMessage', () =>
        client.chat.postMessage({ channel, text, blocks: [...blocks], ...inert }),
      )
      return { channel: posted.channel ?? channel, ts: posted.ts ?? '' }
    },
    update: (channel: string, ts: string, { text, blocks }: Drawing) =>
      call('chat.update', () =>
        client.chat.update({ channel, ts, text, blocks: [...blocks], parse: 'none', link_names: false }),
      ),
    /** The channel of the direct messages with somebody. */
    directMessage: async (user: string) => {
      const { channel } = await call('conversations.open', () => client.conversations.open({ users: user }))
      if (!channel?.id) throw new SlackFailure('no channel')
      return channel.id
    },
    profile: async (user: string): Promise<SlackProfile> => {
      const { user: profile } = await call('users.info', () => client.users.info({ user }))
      if (!profile) throw new SlackFailure('no user')
      return profile
    },
    /** Null if nobody has that address. */
    byEmail: async (email: string): Promise<SlackProfile | null> => {
      try {
        return (await call('users.lookupByEmail', () => client.users.lookupByEmail({ email }))).user ?? null
      } catch (error) {
        if (error instanceof SlackFailure && error.word === 'users_not_found') return null
        throw error
      }
    },
    /** Resolves to the id of the modal. A trigger opens one, within 3 s of what somebody did. */
    openModal: async (trigger_id: string, view: Modal) => {
      const opened = await call('views.open', () => client.views.open({ trigger_id, view }))
      return opened.view?.id ?? ''
    },
    updateModal: (view_id: string, view: Modal) => call('views.update', () => client.views.update({ view_id, view })),
  }
}

/** Answers what somebody did, to them alone, or in place of what only they see. Fails as a call does. */
export async function tellAlone(
  respond: RespondFn,
  { text, blocks }: Drawing,
  replace_original = false,
): Promise<void> {
  try {
    await respond({ response_type: 'ephemeral', replace_original, text, blocks: [...blocks] })
  } catch (error) {
    throw failureOf(error)
  }
}

function failureOf(error: unknown): SlackFailure {
  if (error instanceof webApi.WebAPIRateLimitedError)
    return new SlackFailure('ratelimited', Date.now() + error.retryAfter * 1_000)
  if (error instanceof webApi.WebAPIPlatformError)
    return new SlackFailure(error.data.error, null, !unwell.has(error.data.error))
  if (error instanceof webApi.WebAPIHTTPError) return new SlackFailure(`HTTP ${error.statusCode}`)
  return new SlackFailure('no answer')
}
