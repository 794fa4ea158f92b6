import { tellMoney } from '../../domain/money.js'
import type { Attention } from '../api/views.js'
import { ResolveForm } from '../decide/resolve-form.js'
import { useAnswer } from '../live/use-answer.js'
import { Link } from '../navigation.js'
import { Attempts } from '../parts/attempts.js'
import { choiceWords, effectWords, reasonWords } from '../parts/attention-words.js'
import { ClaimedObserved } from '../parts/claimed-observed.js'
import { Age, Moment } from '../parts/clock.js'
import { Facts } from '../parts/facts.js'
import { Heading } from '../parts/heading.js'
import { Name } from '../parts/name.js'
import { ProblemNote } from '../parts/problem-note.js'
import { RiskMark } from '../parts/risk-mark.js'
import { Theirs } from '../parts/theirs.js'
import { useSession } from '../session.js'

/** One call that a person has to settle: what was claimed beside what was observed, and the choices. */
export function AttentionCaseScreen({ id }: { readonly id: string }) {
  const { api } = useSession()
  const path = `/v1/attention/${encodeURIComponent(id)}`
  const { answer, problem, again } = useAnswer(
    (signal) => api.get<Attention>(path, signal),
    ['attention', 'actions'],
    path,
  )
  if (!answer)
    return (
      <>
        <Heading title="Needs attention" />
        {problem ? <ProblemNote problem={problem} /> : <p class="hint">Looking …</p>}
      </>
    )
  return (
    <>
      {problem && <ProblemNote problem={problem} />}
      <OneCase attention={answer} again={again} />
    </>
  )
}

function OneCase({ attention, again }: { readonly attention: Attention; readonly again: () => Promise<void> }) {
  const { title, resource, amount, reason, risk, effect, resolution, state } = attention
  return (
    <article aria-label="Needs attention">
      <p class="back">
        <Link to="/inbox/attention">Needs attention</Link>
      </p>
      <header class={`head head-${risk}`}>
        <p class="facts">
          <RiskMark risk={risk} />
          <span>
            opened <Age at={attention.opened_at} />
          </span>
        </p>
        <Heading title="Needs attention">
          {title}: <Theirs text={resource} />
          {amount && `, ${tellMoney(amount)}`}
        </Heading>
        <p class="policy">
          {attention.phase === 'compensate' && 'While undoing it: '}
          {reasonWords[reason]}
          {reason !== 'unknown' && effect !== null && ` So far: ${effectWords[effect]}.`}
        </p>
      </header>
      <div role="status">
        {state === 'settled' && <p class="standing standing-approved">Settled meanwhile: the real system answered.</p>}
        {resolution && (
          <p class="standing standing-approved">
            Decided by <Name of={resolution.decided_by} />: {choiceWords[resolution.choice]}.{' '}
            <Theirs text={resolution.reason} /> <Moment at={resolution.at} />
          </p>
        )}
      </div>
      <ClaimedObserved attention={attention} />
      <section aria-labelledby="call">
        <h2 id="call">The call</h2>
        <p class="facts">
          <span class="code">{attention.tool}</span>
          <span>
            asked by <Name of={attention.agent} />
            {attention.on_behalf_of && (
              <>
                {' '}
                for <Name of={attention.on_behalf_of} />
              </>
            )}
          </span>
          {attention.subject && <Theirs text={attention.subject} />}
        </p>
        <Facts facts={attention.args} />
        {attention.idempotency_key && (
          <p>
            Sent under the key <span class="code">{attention.idempotency_key}</span>
          </p>
        )}
      </section>
      <Attempts attention={attention} />
      {state === 'open' && <ResolveForm attention={attention} again={again} />}
    </article>
  )
}
