import { codedError } from '../coded-error.js'
import { errorTable } from '../domain/errors.js'
import type { Logger } from '../log.js'
import { drawError } from './tell.js'
import { type Drawing, SlackFailure } from './web.js'

/**
 * Does what somebody asked for in Slack. What goes wrong is told to them alone, as an error of the table; what cannot be
 * told is for the log. Never throws: nobody is there to hear it.
 */
export async function tolerantly(
  logger: Logger,
  answer: (drawing: Drawing) => Promise<void>,
  work: () => Promise<void>,
): Promise<void> {
  try {
    await work()
  } catch (error) {
    // That Slack did not take the answer says nothing about what was decided.
    if (error instanceof SlackFailure) return tellLog(logger, error)
    const coded = codedError(error)
    if (errorTable[coded.code].status >= 500)
      logger.error({ err: coded.cause ?? coded, code: coded.code }, 'what was asked for in Slack could not be done')
    await answer(drawError(coded)).catch((failure: unknown) => tellLog(logger, failure))
  }
}

function tellLog(logger: Logger, error: unknown): void {
  const reason = error instanceof SlackFailure ? error.word : 'no answer'
  logger.warn({ reason }, 'Slack did not take an answer')
}
