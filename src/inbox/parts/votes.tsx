import { tellRequirements } from '../../domain/policy.js'
import { printable } from '../../domain/printable.js'
import type { Approval } from '../api/views.js'
import { tellMethod } from '../words.js'
import { Moment } from './clock.js'
import { Name } from './name.js'

/** What is needed, who has voted, and who else may. */
export function Votes({ approval }: { readonly approval: Approval }) {
  const { votes, asked, escalations, requirements } = approval
  return (
    <section aria-labelledby="votes">
      <h2 id="votes">Who decides</h2>
      <p>
        Needed: <strong>{tellRequirements(requirements)}</strong>
      </p>
      {votes.length > 0 && (
        <ul class="votes">
          {votes.map((vote) => (
            <li key={`${vote.approver} ${vote.at}`} class={vote.counts ? '' : 'not-counting'}>
              <strong>
                {words[vote.vote] ?? vote.vote} by <Name of={vote.approver} />
              </strong>{' '}
              {tellMethod(vote.method)}, <Moment at={vote.at} />
              {vote.self_approved && <span class="tag">part of the request</span>}
              {!vote.counts && vote.vote !== 'withdraw' && <span class="tag">does not count</span>}
              {vote.reason !== '' && <bdi class="theirs quote">{printable(vote.reason)}</bdi>}
            </li>
          ))}
        </ul>
      )}
      <p>
        {asked.length === 0 ? 'Nobody else may decide on this now.' : 'May decide too: '}
        {asked.map(({ person, groups }, index) => (
          <span key={person}>
            {index > 0 && ', '}
            <Name of={person} /> ({groups.join(', ')})
          </span>
        ))}
      </p>
      {escalations.map(({ group, to, at, due }) => (
        <p key={`${group} ${to}`}>
          {to} may stand for {group} {due ? 'since' : 'from'} <Moment at={at} />
          {!due && ' on'}
        </p>
      ))}
    </section>
  )
}

const words: Readonly<Record<string, string>> = { approve: 'Approved', reject: 'Rejected', withdraw: 'Withdrawn' }
