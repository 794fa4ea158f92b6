interface Running {
  readonly end: () => Promise<void>
  /** Resolves should it end by itself. */
  readonly ended: Promise<unknown>
}

/** Starts something and ends it in order at Ctrl-C or SIGTERM, also when that comes while it starts. */
export async function untilInterrupted(start: (signal: AbortSignal) => Promise<Running>): Promise<void> {
  const { signal, release } = interruption()
  try {
    const running = await start(signal).catch((error) => {
      if (!signal.aborted) throw error
    })
    if (!running) return
    const interrupted = new Promise<'interrupted'>((resolve) => {
      if (signal.aborted) resolve('interrupted')
      else signal.addEventListener('abort', () => resolve('interrupted'), { once: true })
    })
    const reason = await Promise.race([interrupted, running.ended])
    await running.end()
    if (reason !== 'interrupted') throw new Error('a part of it ended by itself')
  } finally {
    release()
  }
}

function interruption() {
  const controller = new AbortController()
  const interrupt = () => {
    // Who asks twice does not want to wait.
    if (controller.signal.aborted) process.exit(130)
    controller.abort()
  }
  process.on('SIGINT', interrupt).on('SIGTERM', interrupt)
  const release = () => process.off('SIGINT', interrupt).off('SIGTERM', interrupt)
  return { signal: controller.signal, release }
}
