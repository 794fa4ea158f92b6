/** A moment, on both clocks of a machine; in milliseconds. */
export interface Moment {
  readonly monotonic: number
  readonly wall: number
}

export function presentMoment(): Moment {
  return { monotonic: performance.now(), wall: Date.now() }
}

/**
 * Milliseconds since then, by the clock that says more: one stands still while the machine is suspended, the other is set
 * back at times. Too many keep a call from being made; too few would let it be made too late.
 */
export function msSince({ monotonic, wall }: Moment): number {
  return Math.max(performance.now() - monotonic, Date.now() - wall)
}
