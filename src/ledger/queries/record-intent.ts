import { crashPoint } from '../../crash-point.js'
import type { JsonObject } from '../../domain/json.js'
import type { Phase, Stage } from '../../domain/lifecycle.js'
import type { PolicyDecision } from '../../domain/policy.js'
import type { ReadKind } from '../../domain/session.js'
import type { Db } from '../pool.js'
import { readBefore, type SessionColumns } from '../session-history.js'

export interface CallRef {
  readonly tenant: string
  readonly action_id: string
  readonly step: string
  readonly phase: Phase
  readonly generation: number
}

/** Who stands behind a record, beside its tool and its policies. */
export interface Identities {
  readonly agent: string
  /** The person it is done for. */
  readonly on_behalf_of: string | null
  readonly actors: readonly string[]
  /** The workflow, and its run, that asked for it. */
  readonly workflow_id: string | null
  readonly run_id: string | null
}

export interface Intent extends CallRef {
  readonly round: number
  readonly principal: string
  /** The session that the credential confirmed. */
  readonly session: string | null
  /** How far back the calls of the agent count, where there is no session. */
  readonly session_window_ms: number
  /** What the decision took for read before; the intent is written only while nothing else was. */
  readonly known_reads: readonly ReadKind[]
  /** What this call may bring into the session. */
  readonly reads: readonly ReadKind[]
  readonly tool: string
  readonly args: JsonObject
  readonly args_digest: string
  readonly idempotency_key: string
  /** The `allow` this intent rests on. */
  readonly decision: PolicyDecision
  /** The facts the policy was evaluated on; the intent is written only while they still hold. */
  readonly request_digest: string
  readonly authority_revision: number
  readonly action_revision: number
  /** The envelope whose approvals this uses up; null if none were needed. */
  readonly envelope_digest: string | null
  /** For an undo: the committed attempt it undoes. */
  readonly of_attempt: number | null
  /** The look it rests on, where the contract wants a fresh one; the ledger holds it against the newest. */
  readonly look: number | null
  readonly executor: string
  readonly under: Identities
  /** Whom the call counts for, and what it takes; null for what counts for nobody, as our own services. */
  readonly counts: Counted | null
  /** How often the same call may be let through, in the session or of the agent; null for any number. */
  readonly repeats: { readonly most: number; readonly window_ms: number } | null
}

export interface Counted {
  /** Empty for an agent without one. */
  readonly owner: string
  /** The resource, as `Invoice in_1`. */
  readonly target: string
  readonly writes: boolean
  readonly spend_cents: number
  readonly currency: string | null
}

const given: SessionColumns = {
  tenant: 'given.tenant',
  agents: 'array_append(given.actors, given.agent)',
  session: 'given.session',
  windowMs: 'given.session_window_ms',
}
const unknownRead = (kind: ReadKind) => `(not '${kind}' = any (given.known_reads) and ${readBefore(kind, given)})`

const stages: Readonly<Record<Phase, Stage>> = { observe: 'plan', execute: 'execution', compensate: 'compensation' }

/** The first look belongs to the plan, further ones to what they are made for. */
const stageOf = ({ phase, generation }: CallRef): Stage =>
  phase === 'observe' && generation > 0 ? 'execution' : stages[phase]

/**
 * The one door to an effect: writes decision, intent, consumption and first attempt in a single statement, only if
 * exactly the facts that the policy saw still hold. `moved`: evaluate again. `exists`: somebody else was faster.
 */
export async function recordIntent(db: Db, intent: Intent): Promise<'written' | 'moved' | 'exists' | 'repeated'> {
  const { decision, under, counts, repeats, ...facts } = intent
  crashPoint('intent.unwritten')
  const { rows } = await db
    .of(intent.tenant)
    .query<{ held: boolean; written: boolean; exists: boolean; often: boolean }>({
      name: 'record-intent',
      text: `
      with given as materialized (
        select * from jsonb_to_record($1) as given (
          tenant text, action_id text, step text, phase text, generation int, round int, principal text, tool text, stage text,
          session text, session_window_ms bigint, known_reads text[], reads text[],
          args jsonb, args_digest text, idempotency_key text, request_digest text, envelope_digest text, of_attempt int, look int,
          policy_ids text[], policy_digest text, input_digest text, contract_digest text, explanation text,
          authority_revision bigint, action_revision int, executor text,
          agent text, on_behalf_of text, actors text[], workflow_id text, run_id text,
          owner text, target text, writes boolean, spend_cents bigint, currency text, most int, window_ms bigint)),
      held as materialized (select hold_authority(tenant, authority_revision) as ok from given),
      read as materialized (select ${unknownRead('untrusted')} or ${unknownRead('sensitive')} as more from given),
      repeated as materialized (
        select given.most is not null and (select count(*) from (select from intents i where i.tenant = given.tenant and i.agent = given.agent
          and i.args_digest = given.args_digest and i.phase = 'execute' and i.tool = given.tool
          and (given.session is null or i.session = given.session)
          and i.intended_at > now() - given.window_ms * interval '1 millisecond' limit given.most) r) >= given.most as often from given),
      act as (
        update actions set stage = given.stage from given, held, read, repeated
        where held.ok and not read.more and not repeated.often and actions.tenant = given.tenant and actions.id = given.action_id and actions.outcome is null
          and actions.request_digest = given.request_digest and actions.revision = given.action_revision
        returning actions.id),
      intent as (
        insert into intents (tenant, action_id, step, phase, generation, round, principal, tool, contract_digest, args,
          args_digest, idempotency_key, policy_ids, policy_digest, authority_revision, action_revision, envelope_digest, of_attempt,
          agent, on_behalf_of, actors, workflow_id, run_id, session, reads, look, owner, target, writes, spend_cents, currency)
        select tenant, action_id, step, phase, generation, round, principal, tool, contract_digest, args,
          args_digest, idempotency_key, policy_ids, policy_digest, authority_revision, action_revision, envelope_digest, of_attempt,
          agent, on_behalf_of, actors, workflow_id, run_id, session, reads, look, owner, target, writes, spend_cents, currency
        from given, act
        on conflict do nothing returning 1),
      decided as (
        insert into decisions (tenant, action_id, stage, phase, step, round, result, policy_ids, policy_digest, input_digest,
          contract_digest, requirements, explanation, agent, on_behalf_of, actors, tool, workflow_id, run_id)
        select tenant, action_id, 'intent', phase, step, round, 'allow', policy_ids, policy_digest, input_digest,
          contract_digest, '{}', explanation, agent, on_behalf_of, actors, tool, workflow_id, run_id
        from given, intent
        on conflict do nothing),
      consumed as (
        insert into consumptions (tenant, envelope_digest, step, generation, action_id)
        select tenant, envelope_digest, step, generation, action_id from given, intent where envelope_digest is not null),
      attempted as (
        insert into attempts (tenant, action_id, step, phase, generation, attempt, executor)
        select tenant, action_id, step, phase, generation, 1, executor from given, intent)
      select held.ok and exists (select from act) as held, exists (select from intent) as written, repeated.often,
        exists (select from intents i where (i.tenant, i.action_id, i.step, i.phase, i.generation)
          = (given.tenant, given.action_id, given.step, given.phase, given.generation)) as exists
      from given, held, repeated`,
      values: [JSON.stringify({ ...decision, ...under, ...counts, ...repeats, ...facts, stage: stageOf(intent) })],
    })
  crashPoint('intent.unanswered')
  const answer = rows[0]
  if (answer?.written) return 'written'
  if (answer?.often && !answer.exists) return 'repeated'
  return answer?.exists || answer?.held ? 'exists' : 'moved'
}
