import type { App, BlockAction, ButtonAction, RespondFn } from '@slack/bolt'
import { decideInSlack } from '../../control-plane/slack/decide-in-slack.js'
import type { Logger } from '../../log.js'
import { buttons, readValue, rejectModal } from '../button.js'
import { askReason, modal, sayInModal } from '../draw/modals.js'
import type { Posts } from '../posts.js'
import { drawSentence } from '../tell.js'
import { tolerantly } from '../tolerantly.js'
import { type Drawing, tellAlone } from '../web.js'
import { type Acting, type SlackDeps, whoActs } from '../who.js'

/** Clicks that decide. Each is acknowledged before anything is looked at: the ledger may be slow, and Slack does not wait. */
export function listenForDecisions(app: App, deps: SlackDeps, posts: Posts, logger: Logger): void {
  const { web } = deps

  app.action<BlockAction<ButtonAction>>(buttons.approve, async ({ ack, action, body, respond }) => {
    await ack()
    const answer = answerTo(body, respond, web)
    await tolerantly(logger, answer, async () => {
      const shown = readValue(action.value)
      const asking = await whoActs(deps, actingIn(body), { vote: 'approve', ...shown })
      if (body.channel && body.message && !isOwn(body)) {
        await posts.adopt({ channel: body.channel.id, ts: body.message.ts }, shown.approval_id)
      }
      await decideInSlack(deps.plane, asking, shown, { vote: 'approve', reason: '' })
      await answer(drawSentence('Your approval is recorded.'), false)
    })
  })

  app.action<BlockAction<ButtonAction>>(buttons.reject, async ({ ack, action, body, respond }) => {
    await ack()
    await tolerantly(logger, answerTo(body, respond, web), async () => {
      readValue(action.value)
      await web.openModal(body.trigger_id, askReason(action.value ?? ''))
    })
  })

  app.view(rejectModal, async ({ ack, body, view }) => {
    const reason = view.state.values.reason?.text?.value?.trim() ?? ''
    if (reason === '') {
      await ack({ response_action: 'errors', errors: { reason: 'Say why: whoever asked will read it.' } })
      return
    }
    await ack({ response_action: 'update', view: sayInModal('Reject', 'Your rejection is being recorded ...') })
    const answer = async ({ blocks }: Drawing) => void (await web.updateModal(view.id, modal('Reject', blocks)))
    await tolerantly(logger, answer, async () => {
      const shown = readValue(view.private_metadata)
      const asking = await whoActs(deps, actingIn(body), { vote: 'reject', ...shown })
      await decideInSlack(deps.plane, asking, shown, { vote: 'reject', reason })
      await answer(drawSentence('Your rejection is recorded.'))
    })
  })
}

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

/** Tells whoever clicked, and nobody else: in the modal it was in, else below the message. */
export function answerTo(body: BlockAction, respond: RespondFn, web: SlackDeps['web']) {
  return async (drawing: Drawing, isError = true): Promise<void> => {
    if (body.view) {
      await web.updateModal(body.view.id, modal('Exequatur', drawing.blocks))
      return
    }
    // A message that is there for everybody shows the vote itself; one that only this person sees is replaced.
    const own = isOwn(body)
    if (!isError && !own) return
    await tellAlone(respond, drawing, own && !isError)
  }
}

/** Does only the one who clicked see the message? */
function isOwn({ container }: BlockAction): boolean {
  return container.is_ephemeral === true
}
