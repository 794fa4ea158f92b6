import type { ActionRequest } from '../domain/request.js'
import { observationKey } from '../evidence/admitted.js'
import { type Effective, effectiveRequest } from '../evidence/amendments.js'
import type { ActionRecord, DecisionRow, IntentRow } from '../ledger/action-record.js'
import { type LeaseRow, loadLeases } from '../ledger/queries/load-leases.js'
import { loadTrail } from '../ledger/queries/load-trail.js'
import type { LookRow } from '../ledger/settlement-rows.js'
import { type ActionView, viewAction } from './action-view.js'
import type { Caller, ControlPlane } from './control-plane.js'
import { findAction } from './get-action.js'
import { changesIn } from './moved-view.js'

/** One thing that happened, in the order of the ledger's clock. */
export interface TrailEntry {
  readonly at: string
  readonly stage: string
  readonly what: string
  readonly facts: Readonly<Record<string, unknown>>
}

export interface TrailView {
  readonly action: ActionView
  readonly entries: readonly TrailEntry[]
  /** Where the exported histories stand in the tenant's chain; empty until the workflow has closed and was sealed. */
  readonly sealed: readonly {
    readonly seq: number
    readonly run_id: string
    readonly history_digest: string
    readonly previous: string
    readonly digest: string
    readonly at: string
  }[]
}

/** The story of an action from the ledger, with the seals of its histories. */
export async function readTrail(plane: ControlPlane, caller: Caller, action_id: string): Promise<TrailView> {
  const record = await findAction(plane, caller, action_id)
  const ref = { tenant: caller.tenant, action_id }
  const [sealed, leases] = await Promise.all([loadTrail(plane.pool, ref), loadLeases(plane.pool, ref)])
  return {
    action: viewAction(plane, record, caller.authority),
    entries: entriesOf(record, leases, effectiveRequest(plane, record), caller),
    sealed: sealed.map(({ history: _, sealed_at, ...seal }) => ({ ...seal, at: sealed_at })),
  }
}

/** The history of the run that ended the action, as it was sealed; else what Temporal has of the latest so far. Replayable JSON. */
export async function readHistory(plane: ControlPlane, caller: Caller, action_id: string): Promise<unknown> {
  const { run_id: ending } = await findAction(plane, caller, action_id)
  const ref = { tenant: caller.tenant, action_id }
  // Runs that others took the place of are sealed too, and say less.
  const sealed = (await loadTrail(plane.pool, ref)).find(({ run_id }) => run_id === ending)
  return sealed ? JSON.parse(sealed.history) : plane.workflows.history(ref)
}

function entriesOf(
  record: ActionRecord,
  leases: readonly LeaseRow[],
  effective: Effective,
  caller: Caller,
): TrailEntry[] {
  const { amendments } = effective
  const request = JSON.parse(record.request) as ActionRequest
  const entries: TrailEntry[] = [
    {
      at: record.admitted_at,
      stage: 'request',
      what: `admitted for ${record.agent}`,
      facts: {
        request_id: record.request_id,
        on_behalf_of: request.on_behalf_of,
        actors: request.actors,
        session: request.session,
        digest: record.request_digest,
        contracts: record.contracts,
      },
    },
    ...record.decisions.map((row) => ({
      at: row.decided_at,
      stage: 'policy',
      what: `${row.stage === 'intent' ? 'at the intent' : `round ${row.round}`}: ${row.result} ${row.step} (${row.phase})`,
      facts: {
        ...identities(row),
        policy_ids: row.policy_ids,
        policy_digest: row.policy_digest,
        input_digest: row.input_digest,
        explanation: row.explanation,
        ...(row.moved && { moved: changesIn(row, record.contracts, caller.authority) }),
      },
    })),
    ...record.envelopes.map((row) => ({
      at: row.sealed_at,
      stage: 'approval',
      what: `asked for approval ${row.id}`,
      facts: { envelope_digest: row.digest, requirements: row.requirements, expires_at: row.expires_at },
    })),
    ...amendments.map(({ at, step, amended_by, ...facts }) => ({
      at,
      stage: 'approval',
      what: `${amended_by} amended ${step}`,
      facts,
    })),
    ...record.votes.map((row) => ({
      at: row.voted_at,
      stage: 'approval',
      what: `${row.vote} by ${row.approver}${row.self_approved ? ', who is part of the request: SELF-APPROVED' : ''}`,
      facts: {
        reason: row.reason,
        method: row.method,
        account: row.account,
        revision: row.revision,
        envelope_digest: row.envelope_digest,
        key_id: row.key_id,
        ...(row.self_approved && { self_approved: true }),
      },
    })),
    ...record.intents.map((row) => ({
      at: row.intended_at,
      stage: stageOf(row.phase),
      what: `intent: ${row.principal} may ${row.phase} ${row.step} (${row.tool})`,
      facts: {
        ...argsFor(caller, record, effective, row),
        contract_digest: row.contract_digest,
        ...identities(row),
        policy_ids: row.policy_ids,
        policy_digest: row.policy_digest,
        envelope_digest: row.envelope_digest,
        undoes_attempt: row.of_attempt,
      },
    })),
    ...record.attempts.map((row) => ({
      at: row.attempted_at,
      stage: stageOf(row.phase),
      what: `attempt ${row.attempt} to ${row.phase} ${row.step}`,
      facts: { executor: row.executor },
    })),
    ...leases.map((row) => ({
      at: row.recorded_at,
      stage: row.purpose === 'verify' ? 'verification' : stageOf(row.phase),
      what: `credential ${row.name} ${row.state}, ${row.purpose === 'verify' ? 'to verify' : `for attempt ${row.attempt} to`} ${row.phase} ${row.step}`,
      facts: { lease_id: row.lease_id, source: row.source, expires_at: row.expires_at },
    })),
    ...record.outcomes.map((row) => ({
      at: row.recorded_at,
      stage: stageOf(row.phase),
      what: `attempt ${row.attempt} to ${row.phase} ${row.step}: ${row.effect}`,
      facts: { output: row.output, ...(row.cut && { cut: row.cut }), error: row.error },
    })),
    ...record.verifications.map((row) => ({
      at: row.verified_at,
      stage: 'verification',
      what: `${row.step}: ${row.found}`,
      facts: { detail: row.detail, ...compared(caller, record, row), output: row.output },
    })),
    ...record.looks.filter(settlesNothing(record)).map((row) => ({
      at: row.looked_at,
      stage: 'verification',
      what: `looked at ${row.phase} ${row.step}: ${row.found}`,
      facts: { detail: row.detail, ...compared(caller, record, row) },
    })),
    ...record.late_results.map((row) => ({
      at: row.arrived_at,
      stage: stageOf(row.phase),
      what: `attempt ${row.attempt} to ${row.phase} ${row.step} was answered late: ${row.effect}`,
      facts: { output: row.output, ...(row.cut && { cut: row.cut }), error: row.error },
    })),
  ]
  for (const { reviewer, verdict, reason, reviewed_at } of record.reviews) {
    const what = verdict === 'objected' ? `objected to by ${reviewer}` : `looked over by ${reviewer}`
    entries.push({ at: reviewed_at, stage: 'trail', what, facts: { reason } })
  }
  if (record.cancellation) {
    const { cancelled_by, cancelled_at, reason } = record.cancellation
    entries.push({ at: cancelled_at, stage: 'approval', what: `cancelled by ${cancelled_by}`, facts: { reason } })
  }
  if (record.outcome && record.ended_at) {
    entries.push({
      at: record.ended_at,
      stage: 'trail',
      what: `ended: ${record.outcome}`,
      facts: { explanation: record.explanation, run_id: record.run_id },
    })
  }
  return entries.sort((a, b) => Date.parse(a.at) - Date.parse(b.at))
}

/**
 * The arguments of a call. An agent does not see those that were filled in from an observation with views: they hold what
 * the views may hide from it, and a digest of few unknowns tells them as well.
 */
function argsFor(
  { principal, authority }: Caller,
  { contracts }: ActionRecord,
  { request }: Effective,
  row: IntentRow,
) {
  const { args, args_digest } = row
  const contractOf = (key: string) => authority.contractByDigest(contracts[key]?.digest ?? '')?.contract
  if (principal.kind === 'person' || !contractOf(observationKey(row.step))?.views) return { args, args_digest }
  const asked = request.plan.steps.find(({ id }) => id === row.step)?.args ?? {}
  const filled = Object.keys(contractOf(row.step)?.fill ?? {}).filter((name) => !(name in asked))
  const seen = Object.entries(args).filter(([name]) => !filled.includes(name))
  return { args: Object.fromEntries(seen), cut: { fields: filled.map((name) => `/${name}`), rows: {} } }
}

/** What was claimed beside what was observed; both tell an agent what its views may hide from it. */
function compared(
  { principal, authority }: Caller,
  { contracts }: ActionRecord,
  { step, claimed, observed }: Pick<LookRow, 'step' | 'claimed' | 'observed'>,
) {
  const observing = authority.contractByDigest(contracts[observationKey(step)]?.digest ?? '')?.contract
  return principal.kind !== 'person' && observing?.views ? {} : { claimed, observed }
}

/** Leaves out the looks that are told of as what settled their call. */
function settlesNothing({ verifications }: ActionRecord): (look: LookRow) => boolean {
  return (look) =>
    !verifications.some(
      ({ step, phase, generation, found }) =>
        step === look.step && phase === look.phase && generation === look.generation && found === look.found,
    )
}

/** Who stands behind a record: for whom, which agent, which tool, under which workflow; the policies are beside it. */
function identities({ agent, on_behalf_of, actors, tool, workflow_id, run_id }: DecisionRow | IntentRow) {
  return { agent, on_behalf_of, actors, tool, workflow_id, run_id }
}

function stageOf(phase: 'observe' | 'execute' | 'compensate'): string {
  return phase === 'compensate' ? 'compensation' : phase === 'observe' ? 'plan' : 'execution'
}
