import type { ActionView } from '../control-plane/action-view.js'
import type { StepView } from '../control-plane/step-view.js'
import type { Change } from '../domain/amendment.js'
import { tellRequirements } from '../domain/policy.js'
import { pendingWords, tellStop } from '../domain/stop.js'
import { columns } from './columns.js'
import { inert } from './inert.js'
import type { Output, Paint } from './output.js'
import { attentionFacts } from './show-attention.js'
import { reviewFacts } from './show-review.js'

/** One action, for people: what was asked, what was decided, what happened. */
export function renderAction(action: ActionView, paint: Paint): string {
  const { decision, approval, workflow } = action
  const facts: [string, string][] = [
    ['request', `${action.request_id} by ${action.actor} in ${action.tenant}, ${action.admitted_at}`],
  ]
  if (action.on_behalf_of) facts.push(['for', action.on_behalf_of])
  if (action.actors.length > 0) facts.push(['through', action.actors.join(', ')])
  if (decision) {
    const by = decision.policy_ids.length > 0 ? ` (${decision.policy_ids.join(', ')})` : ''
    facts.push(['policy', `${decision.result}${by}: ${decision.explanation}`])
  }
  if (approval) {
    facts.push(['approval', `${approval.id}: ${tellRequirements(approval.requirements)}, until ${approval.expires_at}`])
    for (const { approver, vote, reason, at } of approval.votes) {
      facts.push(['', `${vote} by ${approver}, ${at}${reason ? `: ${reason}` : ''}`])
    }
  }
  for (const { step, amended_by, changes, reason } of action.amendments)
    facts.push(['amended', `${step}, ${changes.map(({ pointer }) => pointer).join(' ')} by ${amended_by}: ${reason}`])
  for (const { step, changes } of action.moved ?? [])
    facts.push(...changes.map((change): [string, string] => ['changed', `${step}, ${tellChange(change)}`]))
  facts.push(...attentionFacts(action.attention))
  if (action.stopped)
    facts.push(['stopped', `${tellStop(action.stopped)}. It ${pendingWords[action.stopped.pending]}.`])
  for (const step of action.steps) facts.push(...stepFacts(step))
  if (action.explanation && action.explanation !== decision?.explanation) facts.push(['ending', action.explanation])
  facts.push(...reviewFacts(action.review))
  if (action.ended_at) facts.push(['ended', action.ended_at])
  facts.push(['workflow', workflow.id])
  if (workflow.ui) facts.push(['', workflow.ui])
  const headline = `${paint.bold(action.id)}  ${paintStanding(standingOf(action), paint)}`
  const body = columns(facts.map(([name, fact]) => [`  ${name}`, fact])).split('\n')
  return [headline, ...body.map((line) => paint.dim(line.slice(0, 12)) + line.slice(12))].join('\n')
}

function tellChange({ pointer, before, after }: Change): string {
  if (before === undefined && after === undefined) return pointer
  const value = (json: Change['before']) => (json === undefined ? 'nothing' : inert(JSON.stringify(json)))
  return `${pointer} ${value(before)} -> ${value(after)}`
}

function stepFacts({ id, tool, status, effect, output, cut, error, looked, looks }: StepView): [string, string][] {
  const facts: [string, string][] = [[id, `${tool}: ${status}${effect ? ` (${effect})` : ''}`]]
  if (output) facts.push(['', JSON.stringify(output)])
  if (cut) facts.push(['', `not seen: ${tellCut(cut)}`])
  if (error) facts.push(['', `${error.code} ${error.detail}`])
  if (looked && effect !== 'committed') facts.push(['', `looked ${looks} times, last: ${tellLook(looked)}`])
  return facts
}

function tellLook({ found, claimed, observed, detail }: NonNullable<StepView['looked']>): string {
  const seen = observed ? JSON.stringify(observed) : 'nothing'
  const compared = claimed ? `, claimed ${JSON.stringify(claimed)}, observed ${seen}` : ''
  return `${found}${compared}${detail ? ` (${detail})` : ''}`
}

function tellCut({ fields, rows }: NonNullable<StepView['cut']>): string {
  return [...fields, ...Object.entries(rows).map(([list, count]) => `${count} of ${list || 'all'}`)].join(', ')
}

/** Its outcome, or the stage it is in. */
export function standingOf({ outcome, stage }: Pick<ActionView, 'outcome' | 'stage'>): string {
  return outcome ?? `in ${stage}`
}

export function paintStanding(standing: string, paint: Paint): string {
  if (standing === 'succeeded') return paint.green(standing)
  if (standing.startsWith('in ')) return paint.cyan(standing)
  return standing === 'needs-attention' || standing === 'failed' ? paint.red(standing) : paint.yellow(standing)
}

/** Shows an action and tells what may come next; whoever waited for it was told what it waits for. */
export function showAction(output: Output, action: ActionView, waited: boolean): void {
  output.show(action, renderAction)
  if (output.json) return
  if (action.problem) output.error({ ...action.problem, errors: [] })
  else if (action.attention[0])
    output.say(inert(`It needs attention: \`exq attention show ${action.attention[0].id}\`.`))
  else if (waitsForPeople(action) && !waited) output.say(howToDecide(action))
  else if (!action.outcome) output.say(inert(`It has not ended: \`exq watch ${action.id}\`.`))
}

export function waitsForPeople({ outcome, stage, approval }: ActionView): boolean {
  return outcome === null && stage === 'approval' && approval !== null
}

export function howToDecide({ approval }: ActionView): string {
  return inert(
    `It waits for people: \`exq approve ${approval?.id}\` or \`exq reject ${approval?.id} --reason <text>\`.`,
  )
}

export function renderActions(actions: readonly ActionView[], paint: Paint): string {
  if (actions.length === 0) return paint.dim('No actions.')
  const rows = actions.map((action) => [
    action.id,
    standingOf(action),
    action.steps.map(({ tool }) => tool).join(', '),
    action.actor,
    action.request_id,
    action.admitted_at,
  ])
  return columns([['ACTION', 'STANDING', 'TOOLS', 'AGENT', 'REQUEST ID', 'ADMITTED'], ...rows], (text, row, column) => {
    if (row === 0) return paint.dim(text)
    return column === 1 ? paintStanding(text, paint) : text
  })
}
