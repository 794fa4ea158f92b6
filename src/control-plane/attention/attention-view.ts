import {
  type AttendedPhase,
  type AttentionReason,
  type AttentionState,
  type Choice,
  choicesFor,
  meaningOf,
  needsEvidence,
  type Resolution,
  takesOutput,
} from '../../domain/attention.js'
import { reminderDue } from '../../domain/attention-alarm.js'
import type { Risk } from '../../domain/contract.js'
import { at, type JsonObject } from '../../domain/json.js'
import type { Effect, Outcome } from '../../domain/lifecycle.js'
import { mayApproveBy } from '../../domain/surface-rules.js'
import { type Admitted, pinnedContract } from '../../evidence/admitted.js'
import { caseOf, seenEffect, stateDigest } from '../../evidence/attention-case.js'
import { decidingGroups, mayResolve, methodNeeded, resolversOf } from '../../evidence/attention-deciders.js'
import { stateOf } from '../../evidence/attention-state.js'
import { observationOf } from '../../evidence/looks.js'
import { nextResolution, resolutionOn } from '../../evidence/resolutions.js'
import { chainOf } from '../../evidence/votes.js'
import type { AttentionRow } from '../../ledger/action-record.js'
import type { ControlPlane } from '../control-plane.js'

interface Seen {
  readonly found: Effect
  readonly detail: string | null
  readonly at: string
}

/** What needs attention, as people see it: what is known, what was tried, and what they may choose. */
export interface AttentionView {
  readonly id: string
  readonly state: AttentionState
  readonly reason: AttentionReason
  readonly opened_at: string
  readonly age_seconds: number
  /** Older than the configuration lets it get in silence. */
  readonly overdue: boolean
  readonly action_id: string
  readonly action_outcome: Outcome | null
  readonly agent: string
  readonly on_behalf_of: string | null
  readonly subject: string | null
  readonly step: string
  readonly phase: AttendedPhase
  readonly generation: number
  readonly tool: string
  readonly title: string
  readonly risk: Risk
  /** What is acted on, as `Invoice in_1`. */
  readonly resource: string
  readonly amount: { readonly cents: number; readonly currency: string } | null
  readonly args: JsonObject
  readonly idempotency_key: string | null
  /** What all answers and findings come to; null where there is none. */
  readonly effect: Effect | null
  /** Each call of this phase of the step, and what was answered. */
  readonly attempts: readonly {
    readonly generation: number
    readonly attempt: number
    readonly at: string
    readonly claimed: Effect | null
    readonly output: JsonObject | null
    readonly error: { readonly code: string; readonly detail: string } | null
    /** What was answered when it was too late, and something else recorded. */
    readonly late: { readonly claimed: Effect; readonly output: JsonObject | null; readonly at: string } | null
  }[]
  /** What the real system showed, where that was definite; with what had to be found, and what was. */
  readonly observed: readonly (Seen & {
    readonly generation: number
    readonly wanted: JsonObject | null
    readonly shown: JsonObject | null
  })[]
  /** The newest of the looks at the real system, and how many there are of them by now. */
  readonly looks: { readonly count: number; readonly last: Seen | null }
  readonly choices: readonly {
    readonly choice: Choice
    readonly does: string
    readonly needs_evidence: boolean
    readonly takes_output: boolean
  }[]
  readonly groups: readonly string[]
  /** Who may decide, as things stand now; where that is nobody it stays open until somebody may. */
  readonly deciders: readonly string[]
  /** `key`: the decision has to be signed by the person's own key, wherever it is made. */
  readonly method_needed: 'any' | 'key'
  /** Which ways are strong enough without such a signature: the inbox. */
  readonly resolve_by: { readonly inbox: boolean }
  /** Of all that is known; a decision names it. */
  readonly state_digest: string
  /** What the decision of whoever looks has to name, if it is signed. */
  readonly your_resolution: {
    readonly may: boolean
    readonly revision: number
    readonly self_decided: boolean
  }
  readonly resolution: Omit<Resolution, 'attention_id' | 'step' | 'phase' | 'generation' | 'about'> | null
}

export function viewAttention(
  plane: ControlPlane,
  admitted: Admitted,
  row: AttentionRow,
  person: string,
): AttentionView {
  const { record, request } = admitted
  const state = stateOf(plane, admitted, row)
  const contract = pinnedContract(admitted, row.step)?.contract
  const risk = contract?.risk ?? record.risk
  const call = isOf(row)
  const intent = record.intents.findLast((each) => call(each) && each.generation === row.generation)
  const args = intent?.args ?? record.intents.findLast(({ step }) => step === row.step)?.args ?? {}
  const observed = observationOf(admitted, row.step, intent?.round ?? 1)
  const cents = contract?.spend && at({ args, observed }, contract.spend.amount_cents)
  const offered = caseOf(admitted, row)
  const resolution = resolutionOn(plane, admitted, row)
  return {
    id: row.id,
    state,
    reason: row.reason,
    opened_at: row.opened_at,
    age_seconds: Math.floor(row.age_ms / 1_000),
    overdue: state === 'open' && reminderDue(row.age_ms, plane.attentionAlarm) > 0,
    action_id: record.id,
    action_outcome: record.outcome,
    agent: record.agent,
    on_behalf_of: request.on_behalf_of ?? null,
    subject: record.subject,
    step: row.step,
    phase: row.phase,
    generation: row.generation,
    tool: contract?.name ?? '',
    title: contract?.title ?? '',
    risk,
    resource: contract ? `${contract.resource.type} ${at({ args, observed }, contract.resource.id) ?? ''}` : '',
    amount: typeof cents === 'number' && contract?.spend ? { cents, currency: contract.spend.currency } : null,
    args,
    idempotency_key: intent?.idempotency_key ?? null,
    effect: seenEffect(record, row),
    attempts: attemptsIn(admitted, row),
    observed: record.verifications
      .filter(call)
      .map(({ generation, found, detail, claimed: wanted, observed: shown, verified_at }) => {
        return { generation, found, detail, wanted, shown, at: verified_at }
      }),
    looks: looksIn(admitted, row),
    choices:
      offered && state === 'open'
        ? choicesFor(offered).map((choice) => ({
            choice,
            does: meaningOf(choice, offered),
            needs_evidence: needsEvidence(choice),
            takes_output: takesOutput(choice, offered) && !contract?.views,
          }))
        : [],
    groups: decidingGroups(plane, admitted, row.step),
    deciders: resolversOf(plane, admitted, row.step),
    method_needed: methodNeeded(admitted, row.step),
    resolve_by: {
      inbox: methodNeeded(admitted, row.step) === 'any' && mayApproveBy(plane.surfaceRules, 'inbox', risk),
    },
    state_digest: stateDigest(admitted, row),
    your_resolution: {
      may: mayResolve(plane, admitted, row.step, person),
      revision: nextResolution(admitted, row),
      self_decided: chainOf(admitted).includes(person),
    },
    resolution: resolution && toldOf(resolution),
  }
}

function attemptsIn({ record }: Admitted, row: AttentionRow): AttentionView['attempts'] {
  const call = isOf(row)
  return record.attempts.filter(call).map(({ generation, attempt, attempted_at }) => {
    const same = (each: { step: string; phase: string; generation: number; attempt: number }) =>
      call(each) && each.generation === generation && each.attempt === attempt
    const outcome = record.outcomes.find(same)
    const late = record.late_results.find(same)
    return {
      generation,
      attempt,
      at: attempted_at,
      claimed: outcome?.effect ?? null,
      output: outcome?.output ?? null,
      error: outcome?.error ?? null,
      late: late ? { claimed: late.effect, output: late.output, at: late.arrived_at } : null,
    }
  })
}

function looksIn({ record }: Admitted, row: AttentionRow): AttentionView['looks'] {
  const looks = record.looks.filter((look) => isOf(row)(look) && look.generation === row.generation)
  const last = looks.at(-1)
  return { count: looks.length, last: last ? { found: last.found, detail: last.detail, at: last.looked_at } : null }
}

function toldOf({ choice, reason, evidence, output, decided_by, at: when }: Resolution): AttentionView['resolution'] {
  return { choice, reason, evidence, output, decided_by, at: when }
}

function isOf({ step, phase }: Pick<AttentionRow, 'step' | 'phase'>) {
  return (row: { step: string; phase: string }) => row.step === step && row.phase === phase
}
