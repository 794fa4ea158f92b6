import { tellMoney } from '../../domain/money.js'
import type { RenderedArgument, RenderedStep } from '../../domain/rendered.js'
import { tellUndo } from '../../domain/tell-undo.js'
import { counted, sentence } from '../words.js'
import { ChangesTable } from './changes-table.js'
import { RiskMark } from './risk-mark.js'
import { ShownText, ShownTyped } from './shown.js'

/** One step as it would run, with every argument or how many are not shown. */
export function Step({ step, alone }: { readonly step: RenderedStep; readonly alone: boolean }) {
  return (
    <section class="step" aria-label={`Step ${step.id}`}>
      {!alone && (
        <h3>
          <span class="code">{step.id}</span> <ShownText shown={step.summary} />
        </h3>
      )}
      <p class="facts">
        {!alone && <RiskMark risk={step.risk} />}
        <span>
          {step.title} <span class="code">{`${step.tool} v${step.version}`}</span>
        </span>
        <span>
          {step.resource.type} <ShownText shown={step.resource.id} />
        </span>
        {!alone && step.amount && <span>{tellMoney(step.amount)}</span>}
        <span class={step.undoable ? '' : 'strong'}>{sentence(tellUndo([step]))}</span>
        {step.touches !== null && <span>Touches {counted(step.touches, 'object')} at most</span>}
      </p>
      {step.changes.length > 0 && <ChangesTable caption="What is to change" changes={step.changes} />}
      <Arguments args={step.args} hidden={step.hidden} />
    </section>
  )
}

function Arguments({ args, hidden }: { readonly args: readonly RenderedArgument[]; readonly hidden: number }) {
  return (
    <table class="arguments">
      <caption>
        {hidden === 0 ? 'All arguments' : `Arguments: ${counted(hidden, 'more is', 'more are')} not shown here`}
      </caption>
      <tbody>
        {args.map((argument, index) => (
          <tr key={index}>
            <th scope="row">
              <ShownText shown={argument.name} />
            </th>
            <td>
              <ShownTyped shown={{ ...argument.value, type: argument.type }} />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}
