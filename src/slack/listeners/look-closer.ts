import type { App, BlockAction, ButtonAction } from '@slack/bolt'
import { lookInSlack } from '../../control-plane/slack/decide-in-slack.js'
import type { Logger } from '../../log.js'
import { buttons, linkIds } from '../button.js'
import { drawDetails } from '../draw/modals.js'
import type { Posts } from '../posts.js'
import { tolerantly } from '../tolerantly.js'
import { type SlackDeps, whoActs } from '../who.js'
import { actingIn, adopt, answerTo, showInModal } from './clicked.js'

/** Clicks that only look: everything about a request, in a modal. */
export function listenForLooks(app: App, deps: SlackDeps, posts: Posts, logger: Logger): void {
  const { web, plane } = deps

  app.action<BlockAction<ButtonAction>>(buttons.details, async ({ ack, action, body, respond }) => {
    await ack()
    await tolerantly(logger, answerTo(body, respond, web), async () => {
      const { value = '' } = action
      await showInModal({ web, logger }, body.trigger_id, 'Details', async () => {
        const asking = await whoActs(deps, actingIn(body), { look: value })
        await adopt(posts, body, value)
        return drawDetails(await lookInSlack(plane, asking, value))
      })
    })
  })

  app.action(linkIds, async ({ ack }) => {
    await ack()
  })
}
