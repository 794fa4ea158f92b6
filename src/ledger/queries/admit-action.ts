import type { PinnedContract, Risk } from '../../domain/contract.js'
import type { Outcome } from '../../domain/lifecycle.js'
import type { ReportedUsage } from '../../domain/reported-usage.js'
import type { Db } from '../pool.js'

export interface Admission {
  readonly tenant: string
  readonly id: string
  readonly agent: string
  readonly request_id: string
  readonly request: string
  readonly request_digest: string
  readonly contracts: Readonly<Record<string, PinnedContract>>
  readonly tools: readonly string[]
  readonly risk: Risk
  readonly subject: string | null
  /** The authority the caller was authenticated and the request checked under. */
  readonly authority_revision: number
  /** The same for requests that differ in nothing but their id. */
  readonly fingerprint: string
  /** How many requests of the agent may wait for people. */
  readonly pending_limit: number
  /** How often the same request may be admitted in how long; null for any number. */
  readonly repeats: { readonly most: number; readonly window_ms: number } | null
  /** What the caller reports that its model took, and whom it counts for. */
  readonly reported: (ReportedUsage & { readonly owner: string }) | null
  /** False only asks whether the request is known already. */
  readonly sound: boolean
}

export interface AdmissionAnswer {
  /** False if the authority moved: look again. */
  readonly held: boolean
  readonly admitted: boolean
  /** True if too many requests of the agent wait for people already. */
  readonly full: boolean
  /** True if the same was admitted too often already. */
  readonly looped: boolean
  /** The waiting action that this request is the same as, or was found to be the same as before. */
  readonly joined: { readonly id: string; readonly request_digest: string } | null
  readonly existing: {
    readonly id: string
    readonly request_digest: string
    readonly outcome: Outcome | null
    readonly request: string
    readonly contracts: Readonly<Record<string, PinnedContract>>
  } | null
}

/**
 * Stores the request once under (tenant, agent, request id), if the authority still is what it was checked under. One
 * that is the same as one that waits for people is joined with it instead.
 */
export async function admitAction(db: Db, admission: Admission): Promise<AdmissionAnswer> {
  const answer = await tryToAdmit(db, admission)
  // Whoever was faster committed after this statement's snapshot was taken: a second look sees it.
  const settled = answer.admitted || answer.existing || answer.joined || answer.full || answer.looped
  return admission.sound && answer.held && !settled ? tryToAdmit(db, admission) : answer
}

async function tryToAdmit(db: Db, admission: Admission): Promise<AdmissionAnswer> {
  const { rows } = await db.of(admission.tenant).query<AdmissionAnswer>({
    name: 'admit-action',
    text: `
      with held as materialized (select hold_authority($1, $11) as ok),
      known as materialized (
        select id, request_digest, outcome, request, contracts from actions where tenant = $1 and agent = $3 and request_id = $4),
      before as materialized (
        select action_id as id, request_digest from joins where tenant = $1 and agent = $3 and request_id = $4),
      same as materialized (
        select a.id from actions a, held
        where ok and $12 and a.tenant = $1 and a.agent = $3 and a.fingerprint = $13 and a.outcome is null and a.stage = 'approval'
          and not exists (select from known) and not exists (select from before)
          and not exists (select from cancellations c where c.tenant = $1 and c.action_id = a.id)
          and not exists (select from amendments m where m.tenant = $1 and m.action_id = a.id)
          and exists (select from envelopes e where e.tenant = $1 and e.action_id = a.id and e.expires_at > now())
        order by a.admitted_at limit 1),
      waiting as materialized (
        select count(*) >= $14 as full from (
          select from actions where tenant = $1 and agent = $3 and outcome is null and stage = 'approval' limit $14) w),
      repeated as materialized (
        select $15::int is not null and count(*) >= $15 as full from (
          select from actions where tenant = $1 and agent = $3 and fingerprint = $13
            and admitted_at > now() - $16::bigint * interval '1 millisecond' limit $15) r),
      joined as (
        insert into joins (tenant, agent, request_id, request_digest, action_id)
        select $1, $3, $4, $6, id from same
        on conflict do nothing returning action_id as id, request_digest),
      admitted as (
        insert into actions (tenant, id, agent, request_id, request, request_digest, contracts, tools, risk, subject, fingerprint)
        select $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $13 from held, waiting, repeated
        where ok and $12 and not waiting.full and not repeated.full and not exists (select from before) and not exists (select from same)
        on conflict do nothing returning id),
      reported as (
        insert into reported_usage (tenant, action_id, agent, owner, model_calls, tokens, cost_cents)
        select $1, admitted.id, $3, u.owner, u.model_calls, u.tokens, u.cost_cents
        from admitted, jsonb_to_record($17) as u (owner text, model_calls bigint, tokens bigint, cost_cents bigint)
        where u.owner is not null
        on conflict do nothing)
      select held.ok as held, exists (select from admitted) as admitted, (select to_jsonb(known) from known) as existing,
        (select to_jsonb(j) from (select * from before union all select * from joined) j) as joined,
        held.ok and $12 and waiting.full and not exists (select from same) as full,
        held.ok and $12 and repeated.full and not exists (select from same) and not exists (select from known)
          and not exists (select from before) as looped
      from held, waiting, repeated`,
    values: [
      admission.tenant,
      admission.id,
      admission.agent,
      admission.request_id,
      admission.request,
      admission.request_digest,
      JSON.stringify(admission.contracts),
      admission.tools,
      admission.risk,
      admission.subject,
      admission.authority_revision,
      admission.sound,
      admission.fingerprint,
      admission.pending_limit,
      admission.repeats?.most ?? null,
      admission.repeats?.window_ms ?? null,
      admission.reported && JSON.stringify(admission.reported),
    ],
  })
  return rows[0] as AdmissionAnswer
}
