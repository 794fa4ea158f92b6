import type { AttendedPhase, Choice } from '../domain/attention.js'
import type { JsonObject } from '../domain/json.js'
import type { Effect } from '../domain/lifecycle.js'
import type { Cut } from '../domain/view.js'
import { type Admitted, observationKey, pinnedContract } from '../evidence/admitted.js'
import { isUnconfirmed, seenEffect } from '../evidence/attention-case.js'
import { generationOf, ofPresent, resolutionOf } from '../evidence/generation.js'
import type { ActionRecord } from '../ledger/action-record.js'

/** `skipped`: the action ended before it came to this step. */
export type StepStatus = 'waiting' | 'running' | 'done' | 'failed' | 'undone' | 'skipped'

export interface StepView {
  readonly id: string
  readonly tool: string
  readonly status: StepStatus
  readonly effect: Effect | null
  /** When it was first let through to be called, and when the last thing came to be known of it; null where neither has. */
  readonly began_at: string | null
  readonly settled_at: string | null
  readonly output: JsonObject | null
  /** What of the output nobody of the agent's groups may see. */
  readonly cut: Cut | null
  readonly error: { readonly code: string; readonly detail: string } | null
  /** What the real system last showed: what settled the call, or as long as nothing has, the newest look. */
  readonly looked: LookView | null
  /** How often it was asked. */
  readonly looks: number
  readonly links: { readonly tool: string }
}

/** What was claimed of a call, beside what was observed. */
export interface LookView {
  readonly found: Effect
  readonly claimed: JsonObject | null
  readonly observed: JsonObject | null
  readonly detail: string | null
  readonly at: string
}

/** A step as far as the ledger, and people, know it. */
export function viewStep(admitted: Admitted, id: string, tool: string): StepView {
  const { record } = admitted
  const call = { step: id, phase: 'execute' } as const
  const present = ofPresent(admitted, call)
  const rows = record.outcomes.filter(present)
  const outcome = rows.find(({ effect }) => effect !== 'unknown') ?? rows.at(-1)
  const finding = record.verifications.find(present)
  const looks = record.looks.filter(present)
  const decided = resolutionOf(admitted, call)
  const effect = knownEffect(admitted, id, 'execute')
  const undone = knownEffect(admitted, id, 'compensate') === 'committed'
  const began_at = record.intents.find(({ step, phase }) => step === id && phase === 'execute')?.intended_at ?? null
  const status = statusOf(record, effect, undone, began_at !== null)
  return {
    id,
    tool,
    status,
    effect,
    began_at,
    settled_at: status === 'running' || began_at === null ? null : lastKnown(record, id),
    output: outcome?.output ?? finding?.output ?? decided?.output ?? null,
    cut: outcome?.cut ?? null,
    error: effect === 'committed' ? null : (outcome?.error ?? null),
    looked: lookOf(finding, looks.at(-1), hidesObserved(admitted, id)),
    looks: looks.length,
    links: { tool: `/v1/tools/${tool}` },
  }
}

/** When the newest outcome, finding or decision of people about a step was recorded. */
function lastKnown({ outcomes, verifications, resolutions }: ActionRecord, id: string): string | null {
  const ofStep = ({ step, phase }: Pick<ActionRecord['outcomes'][number], 'step' | 'phase'>) =>
    step === id && phase !== 'observe'
  const times = [
    ...outcomes.filter(ofStep).map(({ recorded_at }) => recorded_at),
    ...verifications.filter(ofStep).map(({ verified_at }) => verified_at),
    ...resolutions.filter(ofStep).map(({ resolved_at }) => resolved_at),
  ]
  return times.sort((one, other) => Date.parse(one) - Date.parse(other)).at(-1) ?? null
}

/** May the views of what a step observes hide from agents what its arguments are filled with? */
function hidesObserved(admitted: Admitted, step: string): boolean {
  return !!pinnedContract(admitted, observationKey(step))?.contract.views
}

/** What is known of a phase of a step: what people decided or, where they did not, what was answered and found. */
function knownEffect(admitted: Admitted, step: string, phase: AttendedPhase): Effect | null {
  const { record } = admitted
  const call = { step, phase, generation: generationOf(admitted, step, phase) }
  const seen = seenEffect(record, call)
  const decided = resolutionOf(admitted, call)
  if (decided) return decidedEffect(decided.choice, seen)
  // An answer that looks could not confirm is not known to be true.
  return isUnconfirmed(record, call) && record.looks.some(ofPresent(admitted, call)) ? 'unknown' : seen
}

function decidedEffect(choice: Choice, seen: Effect | null): Effect | null {
  if (choice === 'happened' || choice === 'compensate') return 'committed'
  return choice === 'did-not-happen' ? 'not-committed' : seen
}

function lookOf(
  finding: ActionRecord['verifications'][number] | undefined,
  last: ActionRecord['looks'][number] | undefined,
  hides: boolean,
): LookView | null {
  const shown = finding ?? last
  if (!shown) return null
  const { found, claimed, observed, detail } = shown
  const compared = hides ? { claimed: null, observed: null } : { claimed, observed }
  return { found, ...compared, detail, at: 'verified_at' in shown ? shown.verified_at : shown.looked_at }
}

function statusOf({ outcome }: ActionRecord, effect: Effect | null, undone: boolean, begun: boolean): StepStatus {
  if (undone) return 'undone'
  if (effect === 'committed') return 'done'
  if (outcome) return effect || begun ? 'failed' : 'skipped'
  if (effect === 'not-committed') return 'failed'
  return begun ? 'running' : 'waiting'
}
