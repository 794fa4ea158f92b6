import { tellMoney } from './money.js'
import { tellRequirements } from './policy.js'
import type { RenderedChange, RenderedStep, Rendering, Shown, ShownValue } from './rendered.js'
import { tellResource } from './rendered-steps.js'
import { inQuotes } from './shown-values.js'
import { tellBounds } from './tell-budget.js'
import { tellUndo } from './tell-undo.js'

/**
 * A description as lines of plain text: what to look at closely, what happens to what, and why people are asked; then
 * every value. The agent's own words are in the last lines, and said to be its own.
 */
export function drawLines(rendering: Rendering): string[] {
  const { asks, steps, amount, requirements, then } = rendering
  return [
    ...flagLines(rendering),
    tell(rendering.headline),
    [
      ...(amount ? [`Amount ${tellMoney(amount)}`] : []),
      `Target ${tell(rendering.target)}`,
      `Risk ${rendering.risk}`,
    ].join(' | '),
    `${asks.agent} asks to act in ${rendering.tenant}${asks.on_behalf_of ? ` on behalf of ${asks.on_behalf_of}` : ''}.`,
    ...(asks.actors.length > 0 ? [`Asked through ${asks.actors.join(', then ')}.`] : []),
    `Why people are asked: ${rendering.policy.says}`,
    `Needed: ${tellRequirements(requirements)}. Expires ${rendering.expires_at}.`,
    ...doneLines(rendering),
    ...steps.flatMap((step) => stepLines(step, steps.length > 1)),
    ...boundsLines(rendering),
    ...movedLines(rendering),
    ...amendmentLines(rendering),
    '',
    `If approved: ${then.approve}`,
    `If rejected: ${then.reject}`,
    `If nobody decides: ${then.silence}`,
    ...rendering.asked_before.map(
      ({ action_id, at, explanation }) =>
        `ASKED BEFORE, exactly the same: ${action_id}, ended ${at}: ${tellQuote(explanation)}`,
    ),
    ...rendering.binding.map(({ kind, id }) => `${bindingNames[kind]}: ${tell(id)}`),
    ...rendering.said.map(({ text }) => `The agent says (not verified): ${tellQuote(text)}`),
  ]
}

const bindingNames = { ticket: 'Ticket', incident: 'Incident', user: 'User', request: 'Request' } as const

function flagLines({ flags }: Rendering): string[] {
  if (flags.length === 0) return []
  return [
    'LOOK CLOSELY. To approve this, say that you have seen:',
    ...flags.map(({ name, says }) => `! ${name}: ${says}`),
    '',
  ]
}

/** Approving does not do these again. */
function doneLines({ done }: Rendering): string[] {
  if (done.length === 0) return []
  return ['', 'DONE ALREADY, and not asked for again:', ...done.map((step) => `  ${tellStep(step)}`)]
}

function stepLines(step: RenderedStep, oneOfSeveral: boolean): string[] {
  const { touches, hidden } = step
  return [
    '',
    `${tellStep(step)}, ${tellUndo([step])}`,
    ...(oneOfSeveral ? [`  In short: ${tell(step.summary)}`] : []),
    ...(touches === null ? [] : [`  touches ${touches} ${touches === 1 ? 'object' : 'objects'} at most`]),
    ...step.changes.map((change) => `  ${tellChange(change)}`),
    ...step.args.map(({ name, value, type }) => `  ${tell(name)} = ${tellValue({ ...value, type })}`),
    ...(hidden > 0 ? [`  (${hidden} more arguments are not shown)`] : []),
  ]
}

function tellStep({ id, title, tool, version, resource }: Rendering['done'][number]): string {
  const { cut } = resource.id
  return `${id}: ${title} (${tool} v${version}) on ${tell({ text: tellResource(resource), ...(cut && { cut }) })}`
}

function boundsLines({ bounds }: Rendering): string[] {
  if (bounds.length === 0) return []
  return ['', `The plan limits itself: ${tellBounds(bounds)}.`]
}

function movedLines({ moved }: Rendering): string[] {
  if (moved.length === 0) return []
  return [
    '',
    'CHANGED since this was decided before:',
    ...moved.map((change) => `  ${change.step} ${tellChange(change)}`),
  ]
}

/** Not what the agent asked for: what people changed. */
function amendmentLines({ amendments, previous }: Rendering): string[] {
  if (amendments.length === 0) return []
  return [
    '',
    `AMENDED since the agent asked; in place of the envelope ${previous}:`,
    ...amendments.flatMap(({ step, amended_by, reason, changes }) => [
      ...changes.map((change) => `  ${step} ${tellChange(change)}`),
      `  ${amended_by} says why: ${tellQuote(reason)}`,
    ]),
  ]
}

function tellChange({ name, before, after, only }: RenderedChange): string {
  const side = (value: ShownValue | null) => (value ? tellValue(value) : 'nothing')
  if (only === 'before') return `${tell(name)}: ${side(before)}`
  if (only === 'after') return `${tell(name)}: -> ${side(after)}`
  return `${tell(name)}: ${side(before)} -> ${side(after)}`
}

function tellValue(value: ShownValue): string {
  return value.type === 'string' ? tellQuote(value) : tell(value)
}

function tellQuote({ text, cut }: Shown): string {
  return tell({ text: inQuotes(text), ...(cut && { cut }) })
}

function tell({ text, cut }: Shown): string {
  return cut ? `${text} (all of it: ${cut.digest})` : text
}
