/**
 * Settles with the work, or rejects when the signal aborts, whatever the work does. `late` is given what the work comes to
 * after that.
 */
export function within<T>(
  signal: AbortSignal,
  work: Promise<T>,
  late?: (settled: PromiseSettledResult<T>) => unknown,
): Promise<T> {
  return new Promise((resolve, reject) => {
    const abort = () => reject(signal.reason)
    if (signal.aborted) abort()
    signal.addEventListener('abort', abort, { once: true })
    work
      .then(
        (value) => {
          if (signal.aborted) late?.({ status: 'fulfilled', value })
          resolve(value)
        },
        (reason) => {
          if (signal.aborted) late?.({ status: 'rejected', reason })
          reject(reason)
        },
      )
      .finally(() => signal.removeEventListener('abort', abort))
  })
}
