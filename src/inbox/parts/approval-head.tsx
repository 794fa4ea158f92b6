import type { Rendering } from '../../domain/rendered.js'
import type { Approval } from '../api/views.js'
import { useNow } from './clock.js'
import { Expiry } from './expiry.js'
import { Heading } from './heading.js'
import { Headline } from './headline.js'
import { KeyFacts } from './key-facts.js'
import { RiskMark } from './risk-mark.js'

interface ApprovalHeadProps {
  readonly approval: Approval
  readonly rendering: Rendering | null
  readonly open: boolean
}

/** What happens to what, at what risk, and how long there is. */
export function ApprovalHead({ approval, rendering, open }: ApprovalHeadProps) {
  const now = useNow()
  const over = Date.parse(approval.expires_at) <= now
  return (
    <header class={`head head-${approval.risk}`}>
      <p class="facts">
        <RiskMark risk={approval.risk} />
        {(open || over) && <Expiry at={approval.expires_at} />}
      </p>
      <Heading title="Approval request">
        <Headline approval={approval} />
      </Heading>
      {rendering && <KeyFacts rendering={rendering} />}
    </header>
  )
}
