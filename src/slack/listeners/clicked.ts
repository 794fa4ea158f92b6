import type { BlockAction, RespondFn } from '@slack/bolt'
import { readValue } from '../../control-plane/slack/shown.js'
import type { Logger } from '../../log.js'
import { modal, sayInModal } from '../draw/modals.js'
import type { Posts } from '../posts.js'
import { tolerantly } from '../tolerantly.js'
import { type Drawing, type Modal, type SlackWeb, tellAlone } from '../web.js'
import type { Acting } from '../who.js'

/** Whom a payload is from. The workspace is that of the user: in a shared channel it may be another one than the channel's. */
export function actingIn({
  user,
  team,
}: {
  user: { id: string; team_id?: string }
  team: { id: string } | null
}): Acting {
  return { user: user.id, team: user.team_id ?? team?.id }
}

/** Does only the one who clicked see the message? It is a list of what waits for them, then. */
export function isOwn({ container }: BlockAction): boolean {
  return container.is_ephemeral === true
}

/** Tells whoever clicked, and nobody else: in the modal it was in, else below the message. */
export function answerTo(body: BlockAction, respond: RespondFn, web: SlackWeb) {
  return async (drawing: Drawing): Promise<void> => {
    if (body.view) await web.updateModal(body.view.id, modal('Exequatur', drawing.blocks))
    else await tellAlone(respond, drawing)
  }
}

/** From the first click on, whichever it is, a message that is there for everybody is one of those that we take care of. */
export async function adopt(posts: Posts, body: BlockAction, value: string): Promise<void> {
  const shown = readValue(value)
  if (shown && body.channel && body.message && !isOwn(body))
    await posts.adopt({ channel: body.channel.id, ts: body.message.ts }, shown.approval_id)
}

/**
 * Shows in a modal what takes looking up. A trigger is good for 3 s, and the ledger may be slow: the modal comes first, then
 * what is in it, or what went wrong.
 */
export async function showInModal(
  { web, logger }: { readonly web: SlackWeb; readonly logger: Logger },
  trigger: string,
  title: string,
  draw: (modalId: string) => Promise<Modal>,
): Promise<void> {
  const id = await web.openModal(trigger, sayInModal(title, 'Looking ...'))
  const answer = async ({ blocks }: Drawing) => void (await web.updateModal(id, modal(title, blocks)))
  await tolerantly(logger, answer, async () => {
    await web.updateModal(id, await draw(id))
  })
}
