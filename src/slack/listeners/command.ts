import type { App, SlashCommand } from '@slack/bolt'
import { giveSlackCode, unlinkSlack } from '../../control-plane/slack/link-slack.js'
import type { Logger } from '../../log.js'
import { drawLink } from '../draw/link.js'
import { drawList } from '../list-of-waiting.js'
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
    case '':
      return drawList(plane, asking)
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
