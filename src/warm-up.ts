import type { Logger } from './log.js'
import type { Workflows } from './temporal/workflows.js'

const longestMs = 5_000

/**
 * Has a first workflow run before anybody waits for one. To be warm is a matter of speed alone: a server that came back to
 * work for an hour, or whose warm-up somebody holds up, takes requests all the same.
 */
export async function warmUp(
  workflows: Pick<Workflows, 'warmUp'>,
  logger: Pick<Logger, 'warn'>,
  withinMs = longestMs,
): Promise<void> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`not within ${withinMs} ms`)), withinMs)
  })
  await Promise.race([workflows.warmUp(), late])
    .catch((error: unknown) =>
      logger.warn({ err: error }, 'the first workflows will be slow: none could be run before'),
    )
    .finally(() => clearTimeout(timer))
}
