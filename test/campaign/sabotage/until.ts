import { setTimeout as pause } from 'node:timers/promises'

/** Asks again and again until there is an answer; rejects when that takes too long. */
export async function until<Answer>(
  what: string,
  ask: () => Promise<Answer | null>,
  withinMs = 60_000,
): Promise<Answer> {
  const deadline = performance.now() + withinMs
  for (;;) {
    const answer = await ask()
    if (answer !== null) return answer
    if (performance.now() > deadline) throw new Error(`it did not come to this: ${what}`)
    await pause(100)
  }
}
