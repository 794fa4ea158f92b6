import type { Child } from 'exequatur/dev'
import type { Journal } from '../clients/journal.js'

/** Processes that are replaced by another of their kind as soon as they are gone. */
export interface Fleet {
  /** Those that have been up for so long. */
  readonly pids: (upMs?: number) => readonly number[]
  /** Kills one of them, and starts another in its place. False if there is none of that pid. */
  readonly kill: (pid: number, why: string) => boolean
  /** Stops one in its tracks for a while. */
  readonly pause: (pid: number, ms: number) => void
  readonly killed: () => number
  /** Resolves when all are there and none sleeps. */
  readonly whole: () => Promise<void>
  /** Ends them all; nobody takes their places. */
  readonly end: () => Promise<void>
}

interface Berth {
  child: Child | null
  pid: number
  since: number
  asleep: boolean
  coming: Promise<void>
}

/** Starts so many of them; `start` is asked for each, and again for its successors. */
export async function openFleet(
  who: string,
  size: number,
  start: (name: string) => Promise<Child>,
  journal: Journal,
): Promise<Fleet> {
  const berths: Berth[] = []
  let killed = 0
  let ended = false
  const fill = (berth: Berth, index: number): Promise<void> => {
    berth.coming = (async () => {
      for (;;) {
        try {
          berth.child = berth.child ? await again(berth.child) : await start(`${who}-${index + 1}`)
          berth.pid = berth.child.pid
          berth.since = performance.now()
          return
        } catch {
          // What it needs may be away just now.
          await new Promise((done) => setTimeout(done, 300))
        }
      }
    })()
    return berth.coming
  }
  for (let index = 0; index < size; index += 1)
    berths.push({ child: null, pid: 0, since: 0, asleep: false, coming: Promise.resolve() })
  await Promise.all(berths.map(fill))
  const watch = (berth: Berth, index: number) => {
    const { child } = berth
    void child?.exited.then(async () => {
      berth.pid = 0
      if (ended) return
      await fill(berth, index)
      watch(berth, index)
    })
  }
  berths.forEach(watch)
  return {
    pids: (upMs = 0) =>
      berths
        .filter(({ pid, asleep, since }) => pid !== 0 && !asleep && performance.now() - since >= upMs)
        .map(({ pid }) => pid),
    kill: (pid, why) => {
      const berth = berths.find((each) => each.pid === pid && pid !== 0)
      if (!berth) return false
      killed += 1
      journal.write({ kind: 'killed', who, pid, why })
      berth.asleep = false
      berth.child?.kill('SIGKILL')
      berth.pid = 0
      return true
    },
    pause: (pid, ms) => {
      const berth = berths.find((each) => each.pid === pid && pid !== 0)
      if (!berth || berth.asleep) return
      berth.asleep = true
      const at = Date.now()
      berth.child?.kill('SIGSTOP')
      setTimeout(() => {
        if (berth.pid === pid) berth.child?.kill('SIGCONT')
        berth.asleep = false
        journal.write({ kind: 'paused', at, until: Date.now(), pid })
      }, ms)
    },
    killed: () => killed,
    end: async () => {
      ended = true
      await Promise.all(berths.map(({ child }) => child?.stop()))
    },
    whole: async () => {
      while (berths.some(({ pid, asleep }) => pid === 0 || asleep)) await new Promise((done) => setTimeout(done, 100))
    },
  }
}

async function again(child: Child): Promise<Child> {
  await child.restart()
  return child
}
