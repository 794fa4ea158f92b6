import type { Check, Evidence, Invariant, Violation } from './evidence.js'
import { approvedOnce } from './invariants/approved-once.js'
import { authorised } from './invariants/authorised.js'
import { byOthers } from './invariants/by-others.js'
import { failClosed } from './invariants/fail-closed.js'
import { once } from './invariants/once.js'
import { separate } from './invariants/separate.js'
import { settled } from './invariants/settled.js'
import { silent } from './invariants/silent.js'
import { stopped } from './invariants/stopped.js'
import { traced } from './invariants/traced.js'
import { truthful } from './invariants/truthful.js'
import { withinBudget } from './invariants/within-budget.js'

export const checks: Readonly<Record<Invariant, Check>> = {
  I1: authorised,
  I2: once,
  I3: settled,
  I4: truthful,
  I5: withinBudget,
  I6: approvedOnce,
  I7: byOthers,
  I8: separate,
  I9: traced,
  I10: silent,
  I11: failClosed,
  I12: stopped,
}

/** All that is wrong, invariant by invariant. */
export function judge(evidence: Evidence): readonly Violation[] {
  return Object.values(checks).flatMap((check) => check(evidence))
}
