import type { ChangesView } from '../control-plane/changes-view.js'
import type { ReviewsView } from '../control-plane/reviews-view.js'
import { columns } from './columns.js'
import type { Paint } from './output.js'

export function renderReviews(items: readonly ChangesView[], paint: Paint): string {
  if (items.length === 0) return paint.dim('There is nothing for you to look over.')
  return items.map((item) => renderChanges(item, paint)).join('\n\n')
}

function renderChanges(item: ChangesView, paint: Paint): string {
  const { agent, on_behalf_of, subject } = item
  const whom = [agent, on_behalf_of && `on behalf of ${on_behalf_of}`, subject && `about ${subject}`].filter(Boolean)
  const facts: [string, string][] = [['asked by', whom.join(', ')]]
  for (const { title, resource, args, effect, undone } of item.changes) {
    facts.push(['changed', `${title}: ${resource}${undone ? ', undone' : effect ? ` (${effect})` : ''}`])
    facts.push(['', JSON.stringify(args)])
  }
  facts.push(...reviewFacts(item.review))
  return [
    `${paint.bold(item.action_id)}  ${item.outcome ?? ''}  ${paint.dim(item.ended_at ?? '')}`,
    columns(facts.map(([name, fact]) => [`  ${name}`, fact])),
  ].join('\n')
}

/** What people said who looked an action over, as lines of facts. */
export function reviewFacts(review: ReviewsView | null): [string, string][] {
  if (!review) return []
  if (review.said.length === 0) return [['review', 'nobody looked it over yet']]
  return review.said.map(({ reviewer, verdict, reason, at }) => [
    'review',
    `${verdict === 'objected' ? 'objected to' : 'looked at'} by ${reviewer}, ${at}${reason ? `: ${reason}` : ''}`,
  ])
}
