import type { App, SlashCommand } from '@slack/bolt'
import type { ApprovalView } from '../../control-plane/approval-view.js'
import type { Caller, ControlPlane } from '../../control-plane/control-plane.js'
import { listApprovals } from '../../control-plane/list-approvals.js'
import { giveSlackCode, unlinkSlack } from '../../control-plane/slack/link-slack.js'
import { slackCaller } from '../../control-plane/slack/slack-user.js'
import { byRiskAndAge } from '../../domain/by-risk-and-age.js'
import type { Logger } from '../../log.js'
import { drawLink } from '../draw/link.js'
import { drawWaiting } from '../draw/waiting.js'
import { drawSentence } from '../tell.js'
import { tolerantly } from '../tolerantly.js'
import { type Drawing, tellAlone } from '../web.js'
import { type SlackDeps, whoActs } from '../who.js'

const slashCommand = '/exequatur'

const help = `${slashCommand} lists what waits for you. ${slashCommand} link makes you known, ${slashCommand} unlink ends that.`

/** What is typed, answered to whoever typed it alone. */
export function listenForCommands(app: App, deps: SlackDeps, logger: Logger): void {
  app.command(slashCommand, async ({ ack, command, respond }) => {
    await ack()
    const answer = (drawing: Drawing) => tellAlone(respond, drawing)
    await tolerantly(logger, answer, async () => answer(await answerOf(deps, command)))
  })
}

async function answerOf(deps: SlackDeps, command: SlashCommand): Promise<Drawing> {
  const { plane } = deps
  const verb = command.text.trim().toLowerCase()
  const asking = await whoActs(deps, { user: command.user_id, team: command.team_id }, { command: verb })
  switch (verb) {
    case '': {
      const caller = await slackCaller(plane, asking)
      const { items, more } = await waitingFor(plane, caller)
      return drawWaiting(byRiskAndAge(items), more)
    }
    case 'link': {
      const { code, expires_at } = await giveSlackCode(plane, asking, asking.name)
      return drawLink({ code, expires_at, url: `${plane.inbox.publicUrl}/inbox/link-slack#${code}` })
    }
    case 'unlink':
      return drawSentence(
        (await unlinkSlack(plane, asking)) ? 'From now on you are linked to nobody.' : 'You were linked to nobody.',
      )
    default:
      return drawSentence(help)
  }
}

const pageOf = 100
const mostPages = 20

/** All that waits for somebody, or as much as can be looked through. A page holds what waits for anybody. */
async function waitingFor(plane: ControlPlane, caller: Caller) {
  const items: ApprovalView[] = []
  let cursor: string | undefined
  for (let page = 0; page < mostPages; page += 1) {
    const found = await listApprovals(plane, caller, { limit: pageOf, cursor })
    items.push(...found.items)
    if (found.next === null) return { items, more: false }
    cursor = found.next
  }
  return { items, more: true }
}
