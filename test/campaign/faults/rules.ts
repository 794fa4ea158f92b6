import type { Rule } from '../downstream/modes.js'

/** What goes wrong in the downstream by itself, whoever is killed: a chance for each request. */
export function troubles(holds: number): readonly Rule[] {
  return [
    { call: 'change', mode: 'hold-applied', chance: holds * 0.5 },
    { call: 'change', mode: 'hold-unapplied', chance: holds * 0.3 },
    { call: 'change', mode: 'hold-half', chance: holds * 0.2 },
    { call: 'change', mode: 'delay', chance: 0.03, delay_ms: 1_500 },
    { call: 'change', mode: 'late', chance: 0.01, delay_ms: 2_500 },
    { call: 'change', mode: 'reset-applied', chance: 0.01 },
    { call: 'change', mode: 'reset-unapplied', chance: 0.01 },
    { call: 'change', mode: 'error-applied', chance: 0.01 },
    { call: 'change', mode: 'unavailable', chance: 0.01 },
    { call: 'change', mode: 'twice', chance: 0.01 },
    { call: 'change', mode: 'lag', chance: 0.02, delay_ms: 1_000 },
    { call: 'effect', mode: 'lie', chance: 0.005 },
    { call: 'effect', mode: 'other-amount', chance: 0.005 },
    { call: 'look', mode: 'unavailable', chance: 0.02 },
    { call: 'look', mode: 'hold-unapplied', chance: 0.01 },
  ]
}
