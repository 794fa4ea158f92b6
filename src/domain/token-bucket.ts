import type { Rate } from './downstream-limits.js'

/** Times in milliseconds. The bucket is full when `full_at` has come; each call puts it off by one interval. */
export interface Bucket {
  readonly full_at: number
  /** The last moment that was promised to a call that came for the first time, and to one that had waited before. */
  readonly back_at: number
  readonly front_at: number
}

export const fullBucket: Bucket = { full_at: 0, back_at: 0, front_at: 0 }

// Sums of fractions differ by less.
const rounding = 1e-6

export type Taken =
  | { readonly go: true; readonly bucket: Bucket }
  | { readonly go: false; readonly bucket: Bucket; readonly slot_at: number }

/**
 * Takes a token, or is promised a moment. Whoever comes while others wait goes behind them, and no two are promised the
 * same moment; one whose moment came and found no token goes before those who came later.
 * Moments are promised at the pace that calls will come to, which may be faster than the rate that holds now.
 */
export function takeToken(
  bucket: Bucket,
  rate: Rate,
  slot_at: number | null,
  now: number,
  pace: number = rate.per_second,
): Taken {
  const interval = 1_000 / rate.per_second
  const ready = bucket.full_at - (rate.burst - 1) * interval
  const othersWait = slot_at === null && bucket.back_at > now
  if (slot_at !== null && slot_at > now) return { go: false, bucket, slot_at }
  if (now + rounding >= ready && !othersWait)
    return { go: true, bucket: { ...bucket, full_at: Math.max(bucket.full_at, now) + interval } }
  const line = slot_at === null ? 'back_at' : 'front_at'
  const next = Math.max(ready, now, bucket[line] + 1_000 / pace)
  return { go: false, bucket: { ...bucket, [line]: next }, slot_at: Math.ceil(next) }
}
