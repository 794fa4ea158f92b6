const graceTime = 10_000

/**
 * Ends this process when its parent is gone, even one killed with SIGKILL: the parent holds the other end of the standard
 * input, which then closes. Does nothing unless the parent asked for it with EXEQUATUR_PARENT_WATCH=1.
 */
export function endWithParent(): void {
  if (process.env.EXEQUATUR_PARENT_WATCH !== '1') return
  delete process.env.EXEQUATUR_PARENT_WATCH
  process.stdin.on('error', end).once('end', end).once('close', end).resume()
  // Watching is no reason to stay alive.
  if ('unref' in process.stdin) process.stdin.unref()
}

let ending = false

function end(): void {
  if (ending) return
  ending = true
  setTimeout(() => process.exit(1), graceTime).unref()
  process.kill(process.pid, 'SIGTERM')
}
