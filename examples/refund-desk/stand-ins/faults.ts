import type { Call } from './call.js'
import { matchPattern } from './route-table.js'

/** What may go wrong, and whether the effect happens. */
export const faultModes = {
  refuse: 'a definite no, nothing happens',
  unavailable: '503, nothing happens',
  'too-many': '429 with the seconds to wait, retry_after_s or 1; nothing happens',
  'hang-before-applying': 'no answer, nothing happens',
  'apply-late': 'no answer, the effect happens delay_ms after the call came in',
  'hang-after-applying': 'the effect happens, no answer',
  'reset-after-applying': 'the effect happens, the connection is reset',
  'error-after-applying': 'the effect happens, the answer is 500',
  lie: 'nothing happens, the answer is the one to a success',
  'do-otherwise': 'something else happens, the answer is the one to what was asked for',
} as const

export type FaultMode = keyof typeof faultModes

/** A planned fault: which calls it hits, how often, and how. Without `times` it stays until it is cleared. */
export interface Fault {
  match: string
  mode: FaultMode
  times?: number
  where?: Record<string, string>
  delay_ms?: number
  retry_after_s?: number
}

/** Thrown for a fault that cannot be planned as it was written. */
export class UnplannableFault extends Error {}

/** The faults still to come. Kept in memory only: a restarted stand-in is a healthy one. */
export class FaultPlan {
  #planned: Fault[] = []

  get planned(): readonly Fault[] {
    return this.#planned
  }

  add(wish: unknown): Fault {
    const fault = readFault(wish)
    this.#planned.push(fault)
    return { ...fault }
  }

  clear(): void {
    this.#planned = []
  }

  /** The fault that hits this call, if any; each hit uses up one of its `times`. */
  take(call: Call): Fault | undefined {
    const fault = this.#planned.find((candidate) => hits(candidate, call))
    if (fault?.times !== undefined) {
      fault.times -= 1
      if (fault.times === 0) this.#planned = this.#planned.filter((other) => other !== fault)
    }
    return fault
  }
}

function hits(fault: Fault, call: Call): boolean {
  const named = fault.match === call.route || matchPattern(fault.match, call.method, call.path) !== undefined
  return named && Object.entries(fault.where ?? {}).every(([field, value]) => call.fields.get(field) === value)
}

function readFault(wish: unknown): Fault {
  const { match, mode, times, where, delay_ms, retry_after_s } = (wish ?? {}) as Record<string, unknown>
  if (typeof match !== 'string' || !/^[A-Z]+ \/\S*$/.test(match)) {
    throw new UnplannableFault('match must read like "POST /v1/refunds"')
  }
  if (typeof mode !== 'string' || !Object.hasOwn(faultModes, mode)) {
    throw new UnplannableFault(`mode must be one of ${Object.keys(faultModes).join(', ')}`)
  }
  if (times !== undefined && !isCount(times)) throw new UnplannableFault('times must be a whole number above 0')
  if (delay_ms !== undefined && !isCount(delay_ms))
    throw new UnplannableFault('delay_ms must be a whole number above 0')
  if (retry_after_s !== undefined && !isCount(retry_after_s))
    throw new UnplannableFault('retry_after_s must be a whole number above 0')
  if ((mode === 'apply-late') !== (delay_ms !== undefined)) {
    throw new UnplannableFault('delay_ms belongs to the mode apply-late, and only to it')
  }
  return {
    match,
    mode: mode as FaultMode,
    ...(times === undefined ? {} : { times }),
    ...(where === undefined ? {} : { where: readWhere(where) }),
    ...(delay_ms === undefined ? {} : { delay_ms }),
    ...(retry_after_s === undefined ? {} : { retry_after_s }),
  }
}

function readWhere(where: unknown): Record<string, string> {
  const entries = Object.entries(where ?? {})
  if (entries.some(([, value]) => typeof value !== 'string')) throw new UnplannableFault('where must hold strings')
  return Object.fromEntries(entries)
}

function isCount(value: unknown): value is number {
  return typeof value === 'number' && Number.isInteger(value) && value > 0
}
