import type { App, BlockAction, ButtonAction } from '@slack/bolt'
import { getApproval } from '../../control-plane/list-approvals.js'
import { slackCaller } from '../../control-plane/slack/slack-user.js'
import type { Logger } from '../../log.js'
import { buttons, linkIds, readValue } from '../button.js'
import { drawDetails, modal, sayInModal } from '../draw/modals.js'
import { tolerantly } from '../tolerantly.js'
import type { Drawing } from '../web.js'
import { type SlackDeps, whoActs } from '../who.js'
import { actingIn, answerTo } from './decide.js'

/** Clicks that only look: everything about a request, in a modal. */
export function listenForLooks(app: App, deps: SlackDeps, logger: Logger): void {
  const { web, plane } = deps

  app.action<BlockAction<ButtonAction>>(buttons.details, async ({ ack, action, body, respond }) => {
    await ack()
    await tolerantly(logger, answerTo(body, respond, web), async () => {
      // A trigger is good for 3 s, and the ledger may be slow: the modal comes first, then what is in it.
      const id = await web.openModal(body.trigger_id, sayInModal('Details', 'Looking ...'))
      const answer = async ({ blocks }: Drawing) => void (await web.updateModal(id, modal('Details', blocks)))
      await tolerantly(logger, answer, async () => {
        const shown = readValue(action.value)
        const asking = await whoActs(deps, actingIn(body), { look: shown })
        const view = await getApproval(plane, await slackCaller(plane, asking), shown.approval_id)
        await web.updateModal(id, drawDetails(view))
      })
    })
  })

  app.action(linkIds, async ({ ack }) => {
    await ack()
  })
}
