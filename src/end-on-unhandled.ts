import type { Logger } from './log.js'

/**
 * Ends the process on an error that nobody handled, as Node would; but what tool code throws may hold a secret, so only
 * its name and the places it came through are told.
 */
export function endOnUnhandled(logger: Logger): void {
  const end = (error: unknown) => {
    const { name, stack = '' } = error instanceof Error ? error : { name: typeof error }
    const places = stack.split('\n').filter((line) => /^ +at .*:\d+:\d+\)?$/.test(line))
    logger.fatal({ error: name, places }, 'an error was left unhandled')
    process.exit(1)
  }
  process.on('uncaughtException', end)
  process.on('unhandledRejection', end)
}
