const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const

/** Has a signal that ends the process wait for `restore`; the process then ends by it. Returns what takes that back. */
export function beforeSignal(restore: () => void): () => void {
  const release = () => {
    for (const signal of signals) process.off(signal, end)
  }
  const end = (signal: NodeJS.Signals) => {
    release()
    try {
      restore()
    } finally {
      process.kill(process.pid, signal)
    }
  }
  for (const signal of signals) process.on(signal, end)
  return release
}
