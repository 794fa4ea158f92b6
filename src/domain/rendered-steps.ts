import type { EnvelopeStep, ShownValues } from './envelope.js'
import type { Json } from './json.js'
import { tellMoney } from './money.js'
import { printable } from './printable.js'
import type { RenderedChange, RenderedStep, Shown, ShownValue } from './rendered.js'
import { idIn, leavesOf } from './shown-texts.js'
import { type Showing, showKeys, showLine, showName, showText, showValue } from './shown-values.js'

/** A step as it is drawn. What does not say its risk has the highest. */
export function renderStep(step: EnvelopeStep, showing: Showing): RenderedStep {
  const { leaves, left } = leavesOf(step.args, '', showing.whole)
  return {
    ...renderDone(step, showing),
    summary: summaryOf(step, showing),
    amount: step.amount ?? null,
    risk: step.risk ?? 'critical',
    undoable: step.undoable,
    ...(step.reads && { reads: true as const }),
    touches: step.touches ?? null,
    changes: (step.changes ?? []).map(({ label, ...sides }) => renderChange(showText(label, showing), sides, showing)),
    args: leaves.map(({ keys, value }) => {
      const { type, ...shown } = showValue(value, showing)
      return { name: showKeys(keys, showing), value: shown, type }
    }),
    hidden: left,
  }
}

/** Of a step that is done already: what it was. */
export function renderDone(
  { id, tool, version, title, resource }: EnvelopeStep,
  showing: Showing,
): Pick<RenderedStep, 'id' | 'tool' | 'version' | 'title' | 'resource'> {
  const [type = ''] = resource.split(' ')
  return { id, tool, version, title: printable(title), resource: { type, id: showName(idIn(resource), showing) } }
}

export function renderChange(
  name: Shown,
  { before, after, only, currency }: Omit<ShownValues, 'label'>,
  showing: Showing,
): RenderedChange {
  const side = (value: Json | undefined): ShownValue | null => {
    if (value === undefined) return null
    if (currency === undefined || typeof value !== 'number' || !Number.isSafeInteger(value))
      return showValue(value, showing)
    return { text: tellMoney({ cents: value, currency }), type: 'money' }
  }
  return { name, before: side(before), after: side(after), ...(only && { only }) }
}

/** `Invoice in_1`. */
export function tellResource({ type, id }: RenderedStep['resource']): string {
  return id.text === '' ? type : `${type} ${id.text}`
}

function summaryOf(step: EnvelopeStep, showing: Showing): Shown {
  if (step.summary !== undefined) return showLine(step.summary, showing)
  const { title, resource } = renderDone(step, showing)
  const target = [...(step.amount ? [tellMoney(step.amount)] : []), tellResource(resource)].join(', ')
  return { text: `${title}: ${target}`, ...(resource.id.cut && { cut: resource.id.cut }) }
}
