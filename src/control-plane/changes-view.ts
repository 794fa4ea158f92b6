import { at, type JsonObject } from '../domain/json.js'
import type { Effect, Outcome } from '../domain/lifecycle.js'
import { type Admitted, pinnedContract } from '../evidence/admitted.js'
import { observationOf } from '../evidence/looks.js'
import { type ReviewsView, viewReviews } from './reviews-view.js'
import { viewStep } from './step-view.js'

/** An action that ran without people, for those who look it over: what was changed, for whom. */
export interface ChangesView {
  readonly action_id: string
  readonly agent: string
  readonly on_behalf_of: string | null
  readonly subject: string | null
  readonly outcome: Outcome | null
  readonly ended_at: string | null
  readonly changes: readonly {
    readonly step: string
    readonly tool: string
    readonly title: string
    readonly resource: string
    readonly args: JsonObject
    readonly effect: Effect | null
    readonly undone: boolean
  }[]
  readonly review: ReviewsView | null
}

export function viewChanges(admitted: Admitted): ChangesView {
  const { record, request } = admitted
  return {
    action_id: record.id,
    agent: record.agent,
    on_behalf_of: request.on_behalf_of ?? null,
    subject: record.subject,
    outcome: record.outcome,
    ended_at: record.ended_at,
    changes: record.intents.flatMap(({ step, phase, tool, args, round }) => {
      const contract = pinnedContract(admitted, step)?.contract
      if (phase !== 'execute' || !contract || contract.effect === 'none') return []
      const { status, effect } = viewStep(admitted, step, tool)
      const id = at({ args, observed: observationOf(admitted, step, round) }, contract.resource.id)
      const resource = `${contract.resource.type} ${id ?? ''}`
      return [{ step, tool, title: contract.title, resource, args, effect, undone: status === 'undone' }]
    }),
    review: viewReviews(record),
  }
}
