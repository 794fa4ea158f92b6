import { setTimeout as pause } from 'node:timers/promises'

/** One thing to measure. A run rejects if it did not do what it should: nothing wrong is ever counted as fast. */
export interface Variant {
  readonly name: string
  readonly run: () => Promise<unknown>
}

/** Milliseconds per run, by variant. */
export type Samples = ReadonlyMap<string, readonly number[]>

// A governed action answers a moment before its workflow has completed: that rest may not fall into the next run.
const restMs = 15

/**
 * Runs the variants in turns, one run at a time, each round beginning with another one, so that whatever slows the
 * machine slows all of them. Stops early when the time is over; how often each ran is what the samples say.
 */
export async function inTurns(variants: readonly Variant[], runs: number, forMs: number): Promise<Samples> {
  const samples = new Map<string, number[]>(variants.map(({ name }) => [name, []]))
  const until = performance.now() + forMs
  for (let round = 0; round < runs && performance.now() < until; round += 1) {
    for (let turn = 0; turn < variants.length; turn += 1) {
      const variant = variants[(round + turn) % variants.length] as Variant
      const before = performance.now()
      await variant.run()
      samples.get(variant.name)?.push(performance.now() - before)
      await pause(restMs)
    }
  }
  return samples
}

interface Load {
  readonly clients: number
  readonly rounds: number
  readonly roundMs: number
}

/**
 * Runs per second with so many clients that each ask again as soon as they are answered; one number per round. When the
 * time is over, no further round begins.
 */
export async function perSecond(variants: readonly Variant[], load: Load, forMs: number): Promise<Samples> {
  const rates = new Map<string, number[]>(variants.map(({ name }) => [name, []]))
  const until = performance.now() + forMs
  for (let round = 0; round < load.rounds && performance.now() < until; round += 1) {
    for (let turn = 0; turn < variants.length; turn += 1) {
      const variant = variants[(round + turn) % variants.length] as Variant
      rates.get(variant.name)?.push(await rateOf(variant, load))
      await pause(20 * restMs)
    }
  }
  return rates
}

async function rateOf({ run }: Variant, { clients, roundMs }: Load): Promise<number> {
  const all = Array.from({ length: clients })
  // Once without counting, for the connections that so many clients take.
  await Promise.all(all.map(run))
  const until = performance.now() + roundMs
  const client = async () => {
    const began = performance.now()
    let done = 0
    for (; performance.now() < until; done += 1) await run()
    return (done * 1_000) / (performance.now() - began)
  }
  // Each by its own time, as they do not end together.
  const rates = await Promise.all(all.map(client))
  return rates.reduce((sum, rate) => sum + rate, 0)
}

/** The value that `share` (0 to 1) of the samples do not exceed. */
export function percentile(samples: readonly number[], share: number): number {
  const sorted = [...samples].sort((a, b) => a - b)
  return sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)] ?? Number.NaN
}

export const median = (samples: readonly number[]): number => percentile(samples, 0.5)
