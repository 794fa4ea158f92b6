import type { Rules } from './checker/evidence.js'
import { pointsAsked } from './matrix-cases.js'
import type { CampaignOptions } from './options.js'
import { owner, people } from './stack/principals.js'
import { callTimeoutMs } from './stack/tools.js'

// What an action comes to on average, all its steps together.
const meanCents = 1_500

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
    // A race is for fewer places than there are requests.
    least_successes: race ? 0.2 : 0.5,
    budgets: race
      ? [{ name: 'slots', of: 'writes', limit: 50, tools: ['pay_by_key'], used_up: true }]
      : [
          {
            name: 'spend',
            of: 'spend_cents',
            limit: matrix > 0 ? 1_000_000_000 : Math.round((actions / 2) * meanCents),
            tools: null,
          },
        ],
    crash_points: matrix > 0 ? pointsAsked(matrix) : [],
    canary,
  }
}
