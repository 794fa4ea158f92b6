import { Context } from '@temporalio/activity'
import type { DecisionActivities, EffectActivity, StepRef } from '../src/domain/activities.js'
import type { EffectsRef, EffectsReport, ReconcilerActivities } from '../src/domain/reconciler.js'
import type { EvidenceDeps } from '../src/evidence/admitted.js'
import { type ApprovalDeps, openApproval, readApproval } from './approval.js'
import { openAttention } from './attention.js'
import type { ExecutorDeps } from './call.js'
import { compensate, halt } from './compensation.js'
import { type EffectsDeps, lookForEffects } from './effects.js'
import { execute, readEffect } from './execution.js'
import { observe } from './observation.js'
import { plan } from './plan.js'
import { policy } from './policy.js'
import { attendToShadows } from './shadow-attention.js'
import { closeTrail } from './trail.js'
import { verify } from './verification.js'

/** The server's local activities. */
export function createDecisionActivities(
  deps: EvidenceDeps & ApprovalDeps,
): DecisionActivities & Pick<ReconcilerActivities, 'attendToShadows'> {
  return {
    plan: (ref) => plan(deps, ref),
    policy: (ref) => policy(deps, ref),
    openApproval: (ref) => openApproval(deps, ref),
    readApproval: (ref) => readApproval(deps, ref),
    readEffect: (ref) => readEffect(deps, ref),
    openAttention: (ref) => openAttention(deps, ref),
    attendToShadows: (of) => attendToShadows(deps, of),
    halt: (ref) => halt(deps, ref),
    closeTrail: (ref) => closeTrail(deps, ref),
  }
}

/** The executor's activities, named after its tools: `<tool>`, `<tool>/verify`, `<tool>/compensate`. */
export function createEffectActivities(deps: ExecutorDeps): Record<string, EffectActivity> {
  const activities: Record<string, EffectActivity> = {}
  for (const { contract } of deps.tools.values()) {
    activities[contract.name] = beating((ref: StepRef) =>
      ref.phase === 'observe' ? observe(deps, ref) : execute(deps, ref),
    )
    if (contract.effect !== 'none') activities[`${contract.name}/verify`] = beating((ref: StepRef) => verify(deps, ref))
    if (contract.effect === 'reversible')
      activities[`${contract.name}/compensate`] = beating((ref: StepRef) => compensate(deps, ref))
  }
  return activities
}

/** And `<tool>/effects`, of those that list theirs, for the reconciler. */
export function createLookActivities(deps: EffectsDeps): Record<string, (ref: EffectsRef) => Promise<EffectsReport>> {
  const listing = [...deps.tools.values()].filter(({ contract }) => contract.lists_effects)
  return Object.fromEntries(
    listing.map(({ contract }) => [
      `${contract.name}/effects`,
      beating((ref: EffectsRef) => lookForEffects(deps, ref)),
    ]),
  )
}

const heartbeatMs = 1_000

/** Heartbeats for as long as the work takes, so that a dead executor is noticed within seconds. */
function beating<Ref, Report>(work: (ref: Ref) => Promise<Report>): (ref: Ref) => Promise<Report> {
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
