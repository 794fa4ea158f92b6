import { type CliCommand, command } from '../cli-command.js'
import type { Run } from '../session.js'
import { attentionList } from './attention-list.js'
import { attentionResolve } from './attention-resolve.js'
import { attentionShow } from './attention-show.js'

export function attention(run: Run): CliCommand {
  const group = command('attention', 'Decide what a machine may not settle.')
  group.addCommand(attentionList(run), { isDefault: true })
  group.addCommand(attentionShow(run)).addCommand(attentionResolve(run))
  return group
}
