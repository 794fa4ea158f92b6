import type { Rules } from './checker/evidence.js'
import { pointsAsked } from './matrix-cases.js'
import type { CampaignOptions } from './options.js'
import { owner, people, tenants } from './stack/principals.js'
import { callTimeoutMs } from './stack/tools.js'

// What is asked for in an action on average, all its steps together.
const meanCents = 1_560
// Of all that is asked for in a tenant. With no limit, about half of it would come to stand.
const budgetShare = 0.4
// With fewer it is a matter of luck whether a budget is met.
const enoughToRefuse = 100

/** What is agreed on before a run, told to the judge and, as far as it is a matter of configuration, to what is judged. */
export function rulesOf({ actions, race, matrix }: CampaignOptions, canary: string): Rules {
  return {
    tiers: { one: 1_000, two: 2_000 },
    groups: people,
    owner,
    call_timeout_ms: callTimeoutMs,
    settle_within_s: 180,
    // Short, so that what is left undecided expires while other things go on; elsewhere nothing is to expire.
    approval_ttl_ms: race || matrix > 0 ? 600_000 : 90_000,
    // What is not known keeps its place in a race.
    people_decide: race,
    // A race is for fewer places than there are requests, and a budget is for less than what is asked for.
    least_successes: race ? 0.2 : matrix > 0 ? 0.5 : 0.3,
    budgets: race
      ? [{ name: 'slots', of: 'writes', limit: 50, tools: ['pay_by_key'], used_up: true, refuses: true }]
      : [
          {
            name: 'spend',
            of: 'spend_cents',
            limit: matrix > 0 ? 1_000_000_000 : Math.round((actions / tenants.length) * meanCents * budgetShare),
            tools: null,
            refuses: matrix === 0 && actions >= enoughToRefuse,
          },
        ],
    crash_points: matrix > 0 ? pointsAsked(matrix) : [],
    canary,
  }
}
