import { tellMoney } from '../../domain/money.js'
import type { Rendering } from '../../domain/rendered.js'
import { ShownText } from './shown.js'

/** How much, of what, and whether it can be undone. */
export function KeyFacts({ rendering }: { readonly rendering: Rendering }) {
  return (
    <dl class="key-facts">
      {rendering.amount && (
        <div>
          <dt>Amount</dt>
          <dd>{tellMoney(rendering.amount)}</dd>
        </div>
      )}
      <div>
        <dt>Target</dt>
        <dd>
          <ShownText shown={rendering.target} />
        </dd>
      </div>
      <div>
        <dt>Undo</dt>
        <dd>{rendering.steps.every(({ undoable }) => undoable) ? 'Can be undone' : 'Cannot be undone'}</dd>
      </div>
    </dl>
  )
}
