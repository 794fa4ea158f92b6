import type { Scenario } from '../scenario.js'
import { beginsAnew } from './begins-anew.js'
import { budgetRace } from './budget-race.js'
import { changedAfterApproval } from './changed-after-approval.js'
import { executorDies } from './executor-dies.js'
import { lateVote } from './late-vote.js'
import { noClearAnswer } from './no-clear-answer.js'
import { ownerVotes } from './owner-votes.js'
import { twoAtOnce } from './two-at-once.js'
import { zombie } from './zombie.js'

export const scenarios = {
  beginsAnew,
  budgetRace,
  changedAfterApproval,
  executorDies,
  lateVote,
  noClearAnswer,
  ownerVotes,
  twoAtOnce,
  zombie,
} satisfies Readonly<Record<string, Scenario>>

export type ScenarioName = keyof typeof scenarios
