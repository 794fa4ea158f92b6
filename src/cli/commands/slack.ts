import { type CliCommand, command } from '../cli-command.js'
import type { Run } from '../session.js'
import { slackLink } from './slack-link.js'

export function slack(run: Run): CliCommand {
  return command('slack', 'Who you are in Slack.').addCommand(slackLink(run))
}
