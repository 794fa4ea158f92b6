import { pathOfAttention } from '../address.js'
import { useAttention } from '../attention.js'
import { Link } from '../navigation.js'
import { reasonWords } from '../parts/attention-words.js'
import { Age } from '../parts/clock.js'
import { Heading } from '../parts/heading.js'
import { Name } from '../parts/name.js'
import { ProblemNote } from '../parts/problem-note.js'
import { RiskMark } from '../parts/risk-mark.js'
import { Theirs } from '../parts/theirs.js'

/** What no machine may settle, and who is signed in may. */
export function AttentionListScreen() {
  const { answer, problem } = useAttention()
  return (
    <>
      <Heading title="Needs attention" />
      {problem && <ProblemNote problem={problem} />}
      {answer?.items.length === 0 && !answer.more && (
        <div class="empty">
          <p>Nothing needs your attention.</p>
          <p class="hint">
            When nobody can tell what a call came to, a person has to look. It comes up here by itself.
          </p>
        </div>
      )}
      <ul class="rows">
        {answer?.items.map((each) => (
          <li class={`row row-${each.risk}`} key={each.id}>
            <div>
              <Link to={pathOfAttention(each.id)} class="row-headline">
                {each.title}: <Theirs text={each.resource} />
              </Link>
              <p>{reasonWords[each.reason]}</p>
              <p class="facts">
                <RiskMark risk={each.risk} />
                <Name of={each.agent} />
                <span>
                  opened <Age at={each.opened_at} />
                </span>
                {each.overdue && <span class="tag tag-flag">overdue</span>}
              </p>
            </div>
          </li>
        ))}
      </ul>
    </>
  )
}
