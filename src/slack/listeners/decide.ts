import type { App, BlockAction, ButtonAction, RespondFn, ViewSubmitAction } from '@slack/bolt'
import { decideInSlack, lookInSlack } from '../../control-plane/slack/decide-in-slack.js'
import type { Logger } from '../../log.js'
import { buttons, rejectModal } from '../button.js'
import { askReason, modal, sayInModal } from '../draw/modals.js'
import { drawListAfter } from '../list-of-waiting.js'
import type { Posts } from '../posts.js'
import { drawSentence } from '../tell.js'
import { tolerantly } from '../tolerantly.js'
import { type Drawing, tellAlone } from '../web.js'
import { type SlackDeps, whoActs } from '../who.js'
import { actingIn, adopt, answerTo, isOwn, showInModal } from './clicked.js'

/** Modals that were opened from a list, at most. */
const mostLists = 500

/** Clicks that decide. Each is acknowledged before anything is looked at: the ledger may be slow, and Slack does not wait. */
export function listenForDecisions(app: App, deps: SlackDeps, posts: Posts, logger: Logger): void {
  const { web, plane } = deps
  // How to draw the list anew that a modal was opened from, by modal. Only here: whoever has the address may answer in our name.
  const lists = new Map<string, RespondFn>()

  app.action<BlockAction<ButtonAction>>(buttons.approve, async ({ ack, action, body, respond }) => {
    await ack()
    const answer = answerTo(body, respond, web)
    await tolerantly(logger, answer, async () => {
      const { action_ts: click, value = '' } = action
      const asking = await whoActs(deps, actingIn(body), { vote: 'approve', value })
      await adopt(posts, body, value)
      if (!(await decideInSlack(plane, asking, { click, value, vote: 'approve', reason: '' }))) return
      const said = 'Your approval is recorded.'
      if (isOwn(body)) await tellAlone(respond, await drawListAfter(plane, asking, said), true)
      // A message that is there for everybody shows the vote itself.
      else if (body.view) await answer(drawSentence(said))
    })
  })

  app.action<BlockAction<ButtonAction>>(buttons.reject, async ({ ack, action, body, respond }) => {
    await ack()
    await tolerantly(logger, answerTo(body, respond, web), async () => {
      const { value = '' } = action
      await showInModal({ web, logger }, body.trigger_id, 'Reject', async (modalId) => {
        const asking = await whoActs(deps, actingIn(body), { look: value })
        await adopt(posts, body, value)
        const view = await lookInSlack(plane, asking, value)
        if (isOwn(body)) keepList(modalId, respond)
        return askReason(view)
      })
    })
  })

  app.view<ViewSubmitAction>(rejectModal, async ({ ack, body, view }) => {
    const reason = view.state.values.reason?.text?.value?.trim() ?? ''
    if (reason === '') {
      await ack({ response_action: 'errors', errors: { reason: 'Say why: whoever asked will read it.' } })
      return
    }
    await ack({ response_action: 'update', view: sayInModal('Reject', 'Your rejection is being recorded ...') })
    const answer = async ({ blocks }: Drawing) => void (await web.updateModal(view.id, modal('Reject', blocks)))
    await tolerantly(logger, answer, async () => {
      const value = view.private_metadata
      const asking = await whoActs(deps, actingIn(body), { vote: 'reject', value })
      // The same modal may be submitted again, after a crash say: that is something else that somebody did.
      const click = `${view.id} ${body.trigger_id}`
      if (!(await decideInSlack(plane, asking, { click, value, vote: 'reject', reason })))
        return answer(drawSentence('This was sent before: the request itself shows what came of it.'))
      const said = 'Your rejection is recorded.'
      const respond = lists.get(view.id)
      lists.delete(view.id)
      if (respond)
        await tolerantly(logger, nobody, async () => tellAlone(respond, await drawListAfter(plane, asking, said), true))
      await answer(drawSentence(said))
    })
  })

  function keepList(modalId: string, respond: RespondFn): void {
    lists.set(modalId, respond)
    const [oldest] = lists.keys()
    if (lists.size > mostLists && oldest !== undefined) lists.delete(oldest)
  }
}

/** A list that could not be drawn anew is told to nobody: what was decided is said where it was. */
async function nobody(): Promise<void> {}
