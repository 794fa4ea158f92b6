import { readRendering } from '../../domain/rendering.js'
import { pathOfApproval } from '../address.js'
import type { Approval } from '../api/views.js'
import { Link } from '../navigation.js'
import { Age } from './clock.js'
import { Expiry } from './expiry.js'
import { Headline } from './headline.js'
import { Name } from './name.js'
import { RiskMark } from './risk-mark.js'

interface ApprovalRowProps {
  readonly approval: Approval
  readonly selected: boolean
  readonly onSelect: () => void
  readonly onFocus: () => void
}

/** One request in the list: enough to know what it is, not enough to decide. */
export function ApprovalRow({ approval, selected, onSelect, onFocus }: ApprovalRowProps) {
  const rendering = readRendering(approval.rendering)
  return (
    <li id={`row-${approval.id}`} class={`row row-${approval.risk}`} onFocusCapture={onFocus}>
      <label class="select">
        <input type="checkbox" checked={selected} onChange={onSelect} />
        <span class="unseen">Select {rendering?.headline.text ?? approval.target}</span>
      </label>
      <div>
        <Link to={pathOfApproval(approval.id)} class="row-headline">
          <Headline approval={approval} />
        </Link>
        <p class="facts">
          <RiskMark risk={approval.risk} />
          {rendering && (
            <span>
              <Name of={rendering.asks.agent} />
              {rendering.asks.on_behalf_of && (
                <>
                  {' '}
                  for <Name of={rendering.asks.on_behalf_of} />
                </>
              )}
            </span>
          )}
          <span>
            asked <Age at={approval.sealed_at} />
          </span>
          <Expiry at={approval.expires_at} roughly />
          {approval.flags.length > 0 && <span class="tag tag-flag">look closely</span>}
          {approval.stopped && <span class="tag">stopped</span>}
        </p>
      </div>
    </li>
  )
}
