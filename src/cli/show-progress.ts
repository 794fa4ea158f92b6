import type { ActionView } from '../control-plane/action-view.js'
import type { StepStatus, StepView } from '../control-plane/step-view.js'
import { tellRequirements } from '../domain/policy.js'
import { pendingWords, tellStop } from '../domain/stop.js'
import type { Paint } from './output.js'
import { paintStanding, standingOf } from './show-action.js'
import { attentionFacts } from './show-attention.js'
import { tellDuration } from './tell-duration.js'
import { padTo, textWidth } from './text-width.js'

const marks: Readonly<Record<StepStatus, string>> = {
  waiting: '○',
  running: '●',
  done: '✓',
  failed: '✗',
  undone: '↺',
  skipped: '-',
}

export interface ProgressOptions {
  /** By the clock of whoever looks. */
  readonly nowMs: number
  /** Leaves out steps that are done, or have not begun. */
  readonly compact: boolean
}

/** Where an action is, as lines to be drawn again and again; the action is an inert copy. */
export function progressLines(action: ActionView, paint: Paint, { nowMs, compact }: ProgressOptions): string[] {
  const { decision, approval, steps } = action
  const end = action.ended_at ? Date.parse(action.ended_at) : nowMs
  const took = tellDuration(end - Date.parse(action.admitted_at))
  const shown = compact ? steps.filter(({ status }) => status === 'running' || status === 'failed') : steps
  return [
    `${paint.bold(action.id)}  ${paintStanding(standingOf(action), paint)}  ${paint.dim(took)}`,
    paint.dim(
      `${action.request_id} by ${action.actor} in ${action.tenant}${action.on_behalf_of ? ` for ${action.on_behalf_of}` : ''}`,
    ),
    '',
    ...(decision
      ? [`${decisionMark(decision.result, paint)} policy    ${decision.result}: ${decision.explanation}`]
      : []),
    ...(approval ? approvalLines(action, approval, paint, nowMs) : []),
    ...(action.stopped
      ? [paint.yellow(`! stopped   ${tellStop(action.stopped)}. It ${pendingWords[action.stopped.pending]}.`)]
      : []),
    ...attentionFacts(action.attention).map(([, fact]) => paint.red(`! attention ${fact}`)),
    ...(shown.length > 0 ? ['', ...stepLines(shown, paint, nowMs)] : []),
    ...(compact && shown.length < steps.length
      ? [paint.dim(`  ${doneOf(steps)} of ${steps.length} steps are done`)]
      : []),
  ]
}

function decisionMark(result: string, paint: Paint): string {
  return result === 'deny' ? paint.red('✗') : paint.green('✓')
}

function approvalLines(
  { stage, outcome }: ActionView,
  { id, requirements, expires_at, votes }: NonNullable<ActionView['approval']>,
  paint: Paint,
  nowMs: number,
): string[] {
  const waits = stage === 'approval' && outcome === null
  const rejected = votes.some(({ vote }) => vote === 'reject')
  const mark = waits
    ? paint.cyan('●')
    : rejected
      ? paint.red('✗')
      : outcome === 'expired'
        ? paint.yellow('✗')
        : paint.green('✓')
  const left = waits ? `, expires in ${tellDuration(Date.parse(expires_at) - nowMs)}` : ''
  return [
    `${mark} approval  ${id}: ${tellRequirements(requirements)}${left}`,
    ...votes.map(({ vote, approver, reason }) =>
      paint.dim(`            ${vote} by ${approver}${reason ? `: ${reason}` : ''}`),
    ),
  ]
}

function stepLines(steps: readonly StepView[], paint: Paint, nowMs: number): string[] {
  const names = steps.map(({ id, tool }) => `${id} ${tool}`)
  const width = Math.max(...names.map(textWidth))
  return steps.flatMap((step, index) => {
    const { status, effect, error } = step
    const took = tellTook(step, nowMs)
    const known = effect && effect !== 'committed' ? ` (${effect})` : ''
    return [
      `${paintMark(status, paint)} ${padTo(names[index] ?? '', width)}  ${padTo(`${status}${known}`, 10)}${took && paint.dim(`  ${took}`)}`,
      ...(error ? [paint.red(`    ${error.code} ${error.detail}`)] : []),
    ]
  })
}

function tellTook({ began_at, settled_at, status }: StepView, nowMs: number): string {
  if (began_at === null || (settled_at === null && status !== 'running')) return ''
  return tellDuration((settled_at === null ? nowMs : Date.parse(settled_at)) - Date.parse(began_at))
}

function paintMark(status: StepStatus, paint: Paint): string {
  const mark = marks[status]
  if (status === 'done') return paint.green(mark)
  if (status === 'failed') return paint.red(mark)
  if (status === 'running') return paint.cyan(mark)
  return status === 'undone' ? paint.yellow(mark) : paint.dim(mark)
}

function doneOf(steps: readonly StepView[]): number {
  return steps.filter(({ status }) => status === 'done').length
}
