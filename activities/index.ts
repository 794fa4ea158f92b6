import { Context } from '@temporalio/activity'
import type { DecisionActivities, EffectActivity, StepRef } from '../src/domain/activities.js'
import type { EvidenceDeps } from '../src/evidence/admitted.js'
import { type ApprovalDeps, openApproval, readApproval } from './approval.js'
import { openAttention } from './attention.js'
import type { ExecutorDeps } from './call.js'
import { compensate, halt } from './compensation.js'
import { execute, readEffect } from './execution.js'
import { observe } from './observation.js'
import { plan } from './plan.js'
import { policy } from './policy.js'
import { closeTrail } from './trail.js'
import { verify } from './verification.js'

/** The server's local activities. */
export function createDecisionActivities(deps: EvidenceDeps & ApprovalDeps): DecisionActivities {
  return {
    plan: (ref) => plan(deps, ref),
    policy: (ref) => policy(deps, ref),
    openApproval: (ref) => openApproval(deps, ref),
    readApproval: (ref) => readApproval(deps, ref),
    readEffect: (ref) => readEffect(deps, ref),
    openAttention: (ref) => openAttention(deps, ref),
    halt: (ref) => halt(deps, ref),
    closeTrail: (ref) => closeTrail(deps, ref),
  }
}

/** The executor's activities, named after its tools: `<tool>`, `<tool>/verify`, `<tool>/compensate`. */
export function createEffectActivities(deps: ExecutorDeps): Record<string, EffectActivity> {
  const activities: Record<string, EffectActivity> = {}
  for (const { contract } of deps.tools.values()) {
    activities[contract.name] = beating((ref) => (ref.phase === 'observe' ? observe(deps, ref) : execute(deps, ref)))
    if (contract.effect !== 'none') activities[`${contract.name}/verify`] = beating((ref) => verify(deps, ref))
    if (contract.effect === 'reversible')
      activities[`${contract.name}/compensate`] = beating((ref) => compensate(deps, ref))
  }
  return activities
}

const heartbeatMs = 1_000

/** Heartbeats for as long as the work takes, so that a dead executor is noticed within seconds. */
function beating(work: (ref: StepRef) => ReturnType<EffectActivity>): EffectActivity {
  return async (ref) => {
    const context = Context.current()
    const timer = setInterval(() => context.heartbeat(), heartbeatMs)
    try {
      return await work(ref)
    } finally {
      clearInterval(timer)
    }
  }
}
