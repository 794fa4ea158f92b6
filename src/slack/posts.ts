import type { ControlPlane } from '../control-plane/control-plane.js'
import { type Posted, type SlackPost, slackPosts } from '../control-plane/slack/slack-posts.js'
import { digest } from '../digest.js'
import type { Logger } from '../log.js'
import { type Periodical, periodically } from '../periodic.js'
import { drawApproval } from './draw/approval.js'
import { drawAttention } from './draw/attention.js'
import { drawShort } from './draw/short.js'
import { createRefusals } from './refusals.js'
import { type Drawing, SlackFailure } from './web.js'
import type { SlackDeps } from './who.js'

/** Where a click came from: a message that is there for everybody. */
export interface Place {
  readonly channel: string
  readonly ts: string
}

export interface Posts {
  /** Posts it in a channel, once for each delivery; not at all where nothing is left to decide. */
  readonly post: (
    about: Pick<SlackPost, 'kind' | 'about' | 'action_id'>,
    channel: string,
    delivery: string,
  ) => Promise<void>
  /** Takes care of a copy that nobody remembers, as after a crash between posting and noting it. */
  readonly adopt: (place: Place, approvalId: string) => Promise<void>
  /**
   * Draws anew what shows something else than it should. Rejects where Slack is not there; a message that it does not let be
   * drawn is tried again for a day, and holds up nobody.
   */
  readonly redraw: (actionId: string | null) => Promise<void>
  readonly stop: () => Promise<void>
}

/** Words with which Slack says that a message can never be changed again. */
const gone = new Set([
  'message_not_found',
  'channel_not_found',
  'cant_update_message',
  'is_archived',
  'is_inactive',
  'edit_window_closed',
])

/** Words with which Slack says that it does not take what a message shows. */
const unshowable = new Set(['invalid_blocks', 'invalid_blocks_format', 'msg_too_long', 'msg_blocks_too_long'])

/** All messages about requests: each shows how things stand, wherever they were decided, soon after. */
export function keepPosts({ plane, web, options }: SlackDeps, logger: Logger, sweepMs: number): Posts {
  const book = slackPosts(plane, options.tenant)
  const refusals = createRefusals()
  const changed = new Set<string>()
  let everything = true
  let lastSweep = 0

  const draw = async (post: Pick<SlackPost, 'kind' | 'about' | 'action_id'>, look = book.look(post.action_id)) => {
    const posted = (await look)(post)
    const inbox = inboxOf(posted, plane)
    const drawing =
      posted.kind === 'approval' ? drawApproval(posted.view, posted.ending) : drawAttention(posted.view, inbox)
    // Whoever waits for a message, and all others after it, are not left without: what is refused is said in short.
    const show = async <T>(send: (shown: Drawing) => Promise<T>): Promise<T> => {
      try {
        return await send(drawing)
      } catch (error) {
        if (!(error instanceof SlackFailure) || !unshowable.has(error.word)) throw error
        return await send(drawShort(drawing, inbox))
      }
    }
    return { show, drawn: digest(drawing), closed: isClosed(posted), open: isOpen(posted) }
  }

  async function redrawOne(post: SlackPost, look: ReturnType<typeof book.look>): Promise<void> {
    const { show, drawn, closed } = await draw(post, look)
    const update = (shown: Drawing) => web.update(post.channel, post.ts, shown)
    if (drawn === post.drawn && !closed) return
    if (drawn !== post.drawn) {
      if (refusals.waits(post, drawn)) return
      try {
        await show(update)
      } catch (error) {
        if (!(error instanceof SlackFailure) || !error.refused) throw error
        return await leave(post, drawn, error.word)
      }
    }
    refusals.forget(post)
    // Somebody else drew it meanwhile, another server say: whoever drew last may have had the older state.
    if (!(await book.redrawn(post, { drawn, closed }))) await (await draw(post)).show(update)
  }

  /** For now, or for good. */
  async function leave(post: SlackPost, drawn: string, word: string): Promise<void> {
    const { channel, about } = post
    refusals.note(post, drawn)
    if (gone.has(word)) await book.redrawn(post, { drawn: word, closed: true })
    const refused = gone.has(word) ? null : await book.refused(post, word)
    if (refused?.first)
      logger.warn({ channel, about, word }, 'Slack does not let a message be drawn anew; it is tried again')
    if (refused?.closed)
      logger.warn({ channel, about, word }, 'a message in Slack is left as it is: it was refused for a day')
    if (!refused || refused.closed) refusals.forget(post)
  }

  async function redraw(actionId: string | null): Promise<void> {
    let failed: unknown
    let seen: { readonly of: string; readonly look: ReturnType<typeof book.look> } | undefined
    for (const post of await book.open(actionId)) {
      try {
        // Copies about one action come one after the other: all are drawn from one look at it.
        if (seen?.of !== post.action_id) seen = { of: post.action_id, look: book.look(post.action_id) }
        await redrawOne(post, seen.look)
      } catch (error) {
        failed = error
        // What Slack refuses for one message says nothing of the next; that it does not answer, or has enough, does.
        if (error instanceof SlackFailure && (error.againAt !== null || error.word === 'no answer')) break
      }
    }
    if (failed) throw failed
  }

  const sweep: Periodical = periodically(logger, 'messages in Slack could not be drawn anew', sweepMs, async () => {
    const all = everything || Date.now() >= lastSweep + sweepMs
    const some = [...changed]
    everything = false
    changed.clear()
    if (all) lastSweep = Date.now()
    for (const actionId of all ? [null] : some) await redraw(actionId)
  })
  const unsubscribe = plane.changes.subscribe(options.tenant, ({ action_id }) => {
    if (action_id === undefined) everything = true
    else changed.add(action_id)
    sweep.soon()
  })

  return {
    post: async (about, channel, delivery) => {
      if (await book.wasPosted(delivery)) return
      const { show, drawn, open } = await draw(about)
      if (!open) return
      const place = await show((shown) => web.post(channel, shown))
      await book.remember({ ...about, ...place, delivery, drawn })
    },
    adopt: async (place, approvalId) => {
      const action_id = await book.actionOf(approvalId)
      if (action_id)
        await book.remember({ kind: 'approval', about: approvalId, action_id, ...place, delivery: null, drawn: '' })
    },
    redraw,
    stop: async () => {
      unsubscribe()
      await sweep.stop()
    },
  }
}

function inboxOf({ kind, view }: Posted, { inbox }: ControlPlane): string {
  return `${inbox.publicUrl}/inbox/${kind === 'approval' ? 'approvals' : 'attention'}/${encodeURIComponent(view.id)}`
}

/** Nothing will change in it any more. */
function isClosed(posted: Posted): boolean {
  return posted.ending !== null && !isOpen(posted)
}

function isOpen(posted: Posted): boolean {
  return posted.view.state === (posted.kind === 'approval' ? 'waiting' : 'open')
}
