import { setTimeout as pause } from 'node:timers/promises'

/** Waits until something holds; the error says what was waited for. */
export async function until(holds: () => Promise<boolean>, what: string, withinMs = 60_000): Promise<void> {
  const deadline = performance.now() + withinMs
  while (!(await holds())) {
    if (performance.now() > deadline) throw new Error(`waited in vain: ${what}`)
    await pause(100)
  }
}
