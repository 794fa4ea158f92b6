import { tellMoney } from '../../domain/money.js'
import type { Rendering } from '../../domain/rendered.js'
import { tellUndo } from '../../domain/tell-undo.js'
import { sentence } from '../words.js'
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
        <dd>{sentence(tellUndo(rendering.steps))}</dd>
      </div>
    </dl>
  )
}
