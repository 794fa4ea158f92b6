import { CancellationScope, setCurrentDetails, upsertSearchAttributes, workflowInfo } from '@temporalio/workflow'
import type { ActionRef, EffectReport, PlannedStep } from '../src/domain/activities.js'
import { ending, type Halt } from '../src/domain/compensation.js'
import { actionOfWorkflow } from '../src/domain/ids.js'
import { type Effect, never } from '../src/domain/lifecycle.js'
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

async function live(hints: Hints): Promise<ActionResult> {
  // request
  const ref = actionOfWorkflow(workflowInfo().workflowId)
  if (!ref) return notAdmitted
  const tell = narrator(`Action request ${ref.action_id}`)

  // plan
  const plan = await decisions.plan(ref)
  if (plan.result === 'not-admitted') return notAdmitted
  if (plan.result === 'unsound')
    return close(ref, [], 'denied', `${plan.code} ${plan.problems[0]?.message ?? ''}`, tell)
  let steps = plan.steps.map(atTheStart)
  for (const step of plan.steps) {
    if (!step.observe) continue
    const seen = await observe(ref, { ...step, observe: step.observe })
    tell(`observed ${step.observe.tool} for ${step.id}: ${seen.state}`)
    if (seen.state !== 'committed') return close(ref, steps, haltOf(seen.state), explain(seen), tell)
  }

  let halt: Halt | null = null
  let explanation = 'Everything asked for was done and verified.'
  for (let round = 1; ; round += 1) {
    // policy
    const verdict = await decisions.policy({ ...ref, round })
    tell(`policy, round ${round}: ${verdict.result}. ${verdict.explanation}`)
    if (verdict.result === 'deny') {
      ;[halt, explanation] = ['denied', verdict.explanation]
      break
    }

    // approval
    if (verdict.result === 'require-approval') {
      upsertSearchAttributes([{ key: searchAttributes.stage, value: 'approval' }])
      const approval = await awaitApproval({ ...ref, round }, hints, (opened) =>
        tell(`approval ${opened.approval_id} asked for, until ${opened.expires_at}`),
      )
      tell(
        `approval ${approval.state}${approval.votes.map(({ approver, vote }) => `, ${vote} by ${approver}`).join('')}`,
      )
      if (approval.state === 'stale' && round < maxRounds) continue
      if (approval.state !== 'approved') {
        ;[halt, explanation] = [approval.state === 'stale' ? 'denied' : approval.state, approval.explanation]
        break
      }
    }

    // execution and verification
    const run = await executeAll(ref, round, steps, tell)
    steps = run.steps
    if (run.result === 'held' && round < maxRounds) continue
    if (run.result !== 'done') [halt, explanation] = [haltOf(run.report.state), explain(run.report)]
    break
  }

  // compensation
  if (halt)
    steps = await compensate(ref, steps, (step) => tell(`${step.undone ? 'undid' : 'could not undo'} ${step.id}`))

  // trail
  return close(ref, steps, halt, explanation, tell)
}

type Run = { readonly steps: Progress[] } & (
  | { readonly result: 'done' }
  | { readonly result: 'held' | 'halted'; readonly report: EffectReport }
)

async function executeAll(
  ref: ActionRef,
  round: number,
  steps: Progress[],
  tell: (line: string) => void,
): Promise<Run> {
  const progress = [...steps]
  for (const [index, step] of progress.entries()) {
    if (step.effect === 'committed') continue
    const report = await execute(ref, round, step.planned)
    tell(`${step.tool} (${step.id}): ${report.state}${report.verified ? ', verified' : ''}`)
    progress[index] = { ...step, effect: effectOf(report.state) }
    if (report.state === 'held') return { steps: progress, result: 'held', report }
    if (report.state !== 'committed') return { steps: progress, result: 'halted', report }
  }
  return { steps: progress, result: 'done' }
}

async function close(
  ref: ActionRef,
  steps: readonly Progress[],
  halt: Halt | null,
  explanation: string,
  tell: (line: string) => void,
): Promise<ActionResult> {
  const { outcome } = await decisions.closeTrail({ ...ref, outcome: ending(steps, halt), explanation })
  upsertSearchAttributes([
    { key: searchAttributes.stage, value: 'trail' },
    { key: searchAttributes.outcome, value: outcome },
  ])
  tell(`ended: ${outcome}`)
  return { outcome, explanation }
}

const notAdmitted: ActionResult = { outcome: 'denied', explanation: 'No admitted request has this workflow id.' }

function atTheStart(planned: PlannedStep): Progress {
  return { id: planned.id, tool: planned.tool, effectClass: planned.effect, effect: null, undone: false, planned }
}

function effectOf(state: EffectReport['state']): Effect | null {
  return state === 'committed' || state === 'not-committed' || state === 'unknown' || state === 'diverged'
    ? state
    : null
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

function explain(report: EffectReport): string {
  if (report.state === 'diverged') return 'EXQ-5005 The downstream said yes, but the verification found something else.'
  if (report.error) return `${report.error.code} ${report.error.detail}`
  return report.decision?.explanation ?? `The step ended ${report.state}.`
}

function narrator(goal: string): (line: string) => void {
  const lines: string[] = []
  return (line) => {
    lines.push(line)
    setCurrentDetails(tellStory({ goal, lines }))
  }
}
