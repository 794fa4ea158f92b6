import { type CliCommand, command } from '../cli-command.js'
import type { Run } from '../session.js'
import { reviewList } from './review-list.js'
import { reviewLooked } from './review-looked.js'
import { reviewObject } from './review-object.js'

export function review(run: Run): CliCommand {
  const group = command('review', 'Look over what ran without people.')
  group.addCommand(reviewList(run), { isDefault: true })
  group.addCommand(reviewLooked(run)).addCommand(reviewObject(run))
  return group
}
