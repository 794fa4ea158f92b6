import {
  CancellationScope,
  patched,
  setCurrentDetails,
  upsertSearchAttributes,
  workflowInfo,
} from '@temporalio/workflow'
import type { ActionRef, EffectReport, PlannedStep } from '../src/domain/activities.js'
import { ending, explainEnding, type Halt, inDoubt, toUndo } from '../src/domain/compensation.js'
import { actionOfWorkflow } from '../src/domain/ids.js'
import { type Effect, effects, never, type Stage } from '../src/domain/lifecycle.js'
import type { AdmittedRequest } from '../src/domain/request.js'
import { type ActionResult, tellStory } from '../src/domain/trail.js'
import { searchAttributes } from '../src/temporal/search-attributes.js'
import { decisions } from './activity-proxies.js'
import { awaitApproval } from './approval.js'
import { compensate, type Progress } from './compensation.js'
import { execute, observe } from './execution.js'
import { type Hints, receiveHints } from './messages.js'

// A plan that keeps asking for new approvals is given up.
const maxRounds = 10

/**
 * The life of an action request, one paragraph per stage. The input is there to be read in the Temporal UI; every
 * decision and effect rests on the ledger. A cancellation of the workflow is only a hint, like a signal.
 */
export async function actionRequest(_admitted: AdmittedRequest): Promise<ActionResult> {
  const hints = receiveHints()
  return CancellationScope.nonCancellable(() => live(hints))
}

/** How far a plan got, and why it goes no further; `halt` is null where all of it was done. */
interface Course {
  readonly steps: readonly Progress[]
  readonly halt: Halt | null
  readonly explanation: string
}

type Tell = (line: string) => void

async function live(hints: Hints): Promise<ActionResult> {
  // request
  const ref = actionOfWorkflow(workflowInfo().workflowId)
  if (!ref) return notAdmitted
  const tell = narrator(`Action request ${ref.action_id}`)

  // plan
  const plan = await decisions.plan(ref)
  if (plan.result === 'not-admitted') return notAdmitted
  const steps = plan.steps.map(asFarAsKnown)
  if (plan.result === 'unsound') {
    const explanation = `${plan.code} ${plan.problems[0]?.message ?? ''}`
    return finish(ref, hints, { steps, halt: 'denied', explanation }, tell)
  }
  for (const step of plan.steps) {
    if (!step.observe || step.so_far) continue
    const seen = await observe(ref, { ...step, observe: step.observe }, hints)
    tell(`observed ${step.observe.tool} for ${step.id}: ${seen.state}`)
    if (seen.state !== 'committed') return finish(ref, hints, haltedBy(seen, steps), tell)
  }

  return finish(ref, hints, await carryOut(ref, plan.round, steps, hints, tell), tell)
}

/** Goes from policy to verification, again from the policy where approval turns out to be needed anew. */
async function carryOut(
  ref: ActionRef,
  from: number,
  planned: readonly Progress[],
  hints: Hints,
  tell: Tell,
): Promise<Course> {
  let steps = planned
  for (let round = from; ; round += 1) {
    // policy
    const verdict = await decisions.policy({ ...ref, round })
    tell(`policy, round ${round}: ${verdict.result}. ${verdict.explanation}`)
    if (verdict.result === 'deny') return { steps, halt: 'denied', explanation: verdict.explanation }

    // approval
    if (verdict.result === 'require-approval') {
      enter('approval')
      const approval = await awaitApproval({ ...ref, round }, hints, (opened) =>
        tell(`approval ${opened.approval_id} asked for, until ${opened.expires_at}`),
      )
      tell(
        `approval ${approval.state}${approval.votes.map(({ approver, vote }) => `, ${vote} by ${approver}`).join('')}`,
      )
      if (approval.state === 'stale' && round < maxRounds) continue
      if (approval.state === 'stale') return { steps, halt: 'denied', explanation: approval.explanation }
      if (approval.state !== 'approved') return { steps, halt: approval.state, explanation: approval.explanation }
    }

    // execution and verification
    enter('execution')
    const run = await executeAll(ref, hints, round, steps, tell)
    steps = run.steps
    if (run.stoppedAt?.state === 'held' && round < maxRounds) continue
    if (run.stoppedAt) return haltedBy(run.stoppedAt, steps)
    return { steps, halt: null, explanation: 'Everything asked for was done and verified.' }
  }
}

/** Undoes what a halted plan has committed, and records how the action ended. What is cancelled before that is halted. */
async function finish(
  ref: ActionRef,
  hints: Hints,
  { steps, halt, explanation: why }: Course,
  tell: Tell,
): Promise<ActionResult> {
  // compensation
  let ended = steps
  if (halt) {
    const settled = await settleBegun(ref, hints, await asKnownNow(ref, steps))
    if (!inDoubt(settled) && toUndo(settled).length > 0) {
      enter('compensation')
      await decisions.halt({ ...ref, halt })
    }
    ended = await compensate(ref, hints, settled, (step) =>
      tell(`${step.undone ? 'undid' : 'could not undo'} ${step.id}`),
    )
  }

  // trail
  const explanation = explainEnding(ended, halt, why)
  const { outcome, cancelled = '' } = await decisions.closeTrail({ ...ref, outcome: ending(ended, halt), explanation })
  if (outcome === null) {
    tell('cancelled before it ended')
    return finish(ref, hints, { steps: ended, halt: 'cancelled', explanation: cancelled }, tell)
  }
  upsertSearchAttributes([
    { key: searchAttributes.stage, value: 'trail' },
    { key: searchAttributes.outcome, value: outcome },
  ])
  tell(`ended: ${outcome}`)
  return { outcome, explanation }
}

/** Executes what is still to be done, step by step, until one does not commit. */
async function executeAll(
  ref: ActionRef,
  hints: Hints,
  round: number,
  steps: readonly Progress[],
  tell: Tell,
): Promise<{ readonly steps: readonly Progress[]; readonly stoppedAt: EffectReport | null }> {
  const progress = [...steps]
  for (const [index, step] of progress.entries()) {
    if (step.effect === 'committed') continue
    const report = await execute(ref, round, step.planned, hints)
    tell(`${step.tool} (${step.id}): ${report.state}${report.verified ? ', verified' : ''}`)
    progress[index] = { ...step, effect: effectOf(report.state) }
    if (report.state !== 'committed' || report.resolution === 'compensate')
      return { steps: progress, stoppedAt: report }
  }
  return { steps: progress, stoppedAt: null }
}

/**
 * Steps as the ledger knows them before it ends: a run that was reset to before one was begun has only what was known
 * then. Histories from before it was asked end by what they knew.
 */
async function asKnownNow(ref: ActionRef, steps: readonly Progress[]): Promise<readonly Progress[]> {
  if (steps.every(({ effect }) => effect !== null) || !patched('ends-by-what-is-known-now')) return steps
  const plan = await decisions.plan(ref)
  if (plan.result === 'not-admitted') return steps
  return steps.map((step) => {
    const planned = plan.steps.find(({ id }) => id === step.id)
    return planned && step.effect === null ? asFarAsKnown(planned) : step
  })
}

/** What an earlier run of this workflow began comes to an end before anything is undone. */
async function settleBegun(ref: ActionRef, hints: Hints, steps: readonly Progress[]): Promise<Progress[]> {
  const settled: Progress[] = []
  for (const step of steps) {
    const open = step.planned.begun && step.effect === null
    settled.push(open ? { ...step, effect: effectOf((await execute(ref, 1, step.planned, hints)).state) } : step)
  }
  return settled
}

const notAdmitted: ActionResult = { outcome: 'denied', explanation: 'No admitted request has this workflow id.' }

function asFarAsKnown(planned: PlannedStep): Progress {
  const { id, tool, effect: effectClass, so_far } = planned
  return { id, tool, effectClass, effect: so_far, undone: false, planned }
}

function effectOf(state: EffectReport['state']): Effect | null {
  return effects.find((effect) => effect === state) ?? null
}

function haltedBy(report: EffectReport, steps: readonly Progress[]): Course {
  return { steps, halt: haltOf(report.state), explanation: explain(report) }
}

function haltOf(state: EffectReport['state']): Halt {
  switch (state) {
    case 'denied':
    case 'rejected':
    case 'cancelled':
      return state
    case 'held':
      return 'denied'
    case 'committed':
    case 'not-committed':
    case 'unknown':
    case 'diverged':
    case 'none':
      return 'failed'
    default:
      return never(state)
  }
}

function explain({ state, error, decision }: EffectReport): string {
  if (state === 'diverged') return 'EXQ-5005 The downstream said yes, but the verification found something else.'
  if (error) return `${error.code} ${error.detail}`
  const reason = decision?.result === 'allow' ? null : decision?.explanation
  return reason ?? `The step ended ${state}.`
}

function enter(stage: Stage): void {
  upsertSearchAttributes([{ key: searchAttributes.stage, value: stage }])
}

function narrator(goal: string): Tell {
  const lines: string[] = []
  return (line) => {
    lines.push(line)
    setCurrentDetails(tellStory({ goal, lines }))
  }
}
