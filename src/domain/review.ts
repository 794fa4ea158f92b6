/** What a person says who looks over what ran without people. */
export const verdicts = ['looked-at', 'objected'] as const
export type Verdict = (typeof verdicts)[number]

/** Where an action stands that is to be looked over: `due` until somebody did; an objection stays. */
export type ReviewStanding = 'due' | Verdict
