import type { Logger } from './log.js'

/** Does `work` again and again, `ms` after it last ended, until stopped. Failures are logged and do not end it. */
export function periodically(
  logger: Logger,
  what: string,
  ms: number,
  work: () => Promise<unknown>,
): { readonly stop: () => Promise<void> } {
  let stopped = false
  let wake: () => void = () => undefined
  const run = async () => {
    while (!stopped) {
      await work().catch((error) => logger.warn({ err: error }, what))
      if (stopped) return
      await new Promise<void>((resolve) => {
        wake = resolve
        setTimeout(resolve, ms).unref()
      })
    }
  }
  const ended = run()
  return {
    stop: async () => {
      stopped = true
      wake()
      await ended
    },
  }
}
