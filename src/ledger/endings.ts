import type { Listening } from './listener.js'

export interface ExpectedEnding {
  /** Resolves at the ending, when the time is up, or when given up. */
  readonly over: Promise<void>
  readonly giveUp: () => void
}

/** Tells when actions end, by the ledger's notifications. */
export interface Endings {
  /** Expects the action `tenant/id` to end within `ms`, from now on: look at the ledger after this call, and again once it is `over`. */
  readonly expect: (key: string, ms: number) => ExpectedEnding
}

/** The endings that a listener hears. */
export function createEndings(): Endings & Listening {
  const waiting = new Map<string, Set<() => void>>()
  return {
    heard: (key) => {
      for (const wake of waiting.get(key) ?? []) wake()
    },
    // Whatever ended meanwhile was not told: let everybody look.
    missed: () => {
      for (const wakes of waiting.values()) for (const wake of wakes) wake()
    },
    expect: (key, ms) => {
      const wakes = waiting.get(key) ?? new Set()
      waiting.set(key, wakes)
      let giveUp: () => void = () => undefined
      const over = new Promise<void>((resolve) => {
        giveUp = () => {
          clearTimeout(timer)
          wakes.delete(giveUp)
          if (wakes.size === 0 && waiting.get(key) === wakes) waiting.delete(key)
          resolve()
        }
      })
      const timer = setTimeout(() => giveUp(), ms)
      wakes.add(giveUp)
      return { over, giveUp }
    },
  }
}
