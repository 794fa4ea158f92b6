import type { Logger } from './log.js'

export interface Periodical {
  /** Does it again at once, or once what is being done has ended. */
  readonly soon: () => void
  readonly stop: () => Promise<void>
}

/** Does `work` again and again, `ms` after it last ended, until stopped. Failures are logged and do not end it. */
export function periodically(logger: Logger, what: string, ms: number, work: () => Promise<unknown>): Periodical {
  let stopped = false
  let again = false
  let wake: () => void = () => undefined
  const run = async () => {
    while (!stopped) {
      again = false
      await work().catch((error) => logger.warn({ err: error }, what))
      if (stopped) return
      if (again) continue
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, ms).unref()
        wake = () => {
          clearTimeout(timer)
          resolve()
        }
      })
    }
  }
  const ended = run()
  return {
    soon: () => {
      again = true
      wake()
    },
    stop: async () => {
      stopped = true
      wake()
      await ended
    },
  }
}
