/** Settles with the work, or rejects when the signal aborts, whatever the work does. `late` is given what comes after that. */
export function within<T>(signal: AbortSignal, work: Promise<T>, late?: (value: T) => unknown): Promise<T> {
  return new Promise((resolve, reject) => {
    const abort = () => reject(signal.reason)
    if (signal.aborted) abort()
    signal.addEventListener('abort', abort, { once: true })
    work
      .then((value) => {
        if (signal.aborted) late?.(value)
        resolve(value)
      }, reject)
      .finally(() => signal.removeEventListener('abort', abort))
  })
}
