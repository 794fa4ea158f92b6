import type { PinnedContract, Risk } from '../../domain/contract.js'
import type { Outcome } from '../../domain/lifecycle.js'
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
  /** False only asks whether the request is known already. */
  readonly sound: boolean
}

export interface AdmissionAnswer {
  /** False if the authority moved: look again. */
  readonly held: boolean
  readonly admitted: boolean
  readonly existing: {
    readonly id: string
    readonly request_digest: string
    readonly outcome: Outcome | null
    readonly request: string
    readonly contracts: Readonly<Record<string, PinnedContract>>
  } | null
}

/** Stores the request once under (tenant, agent, request id), if the authority still is what it was checked under. */
export async function admitAction(db: Db, admission: Admission): Promise<AdmissionAnswer> {
  const answer = await tryToAdmit(db, admission)
  // Whoever was faster committed after this statement's snapshot was taken: a second look sees it.
  return admission.sound && answer.held && !answer.admitted && !answer.existing ? tryToAdmit(db, admission) : answer
}

async function tryToAdmit(db: Db, admission: Admission): Promise<AdmissionAnswer> {
  const { rows } = await db.of(admission.tenant).query<AdmissionAnswer>({
    name: 'admit-action',
    text: `
      with held as materialized (select hold_authority($1, $11) as ok),
      admitted as (
        insert into actions (tenant, id, agent, request_id, request, request_digest, contracts, tools, risk, subject)
        select $1, $2, $3, $4, $5, $6, $7, $8, $9, $10 from held where ok and $12
        on conflict do nothing returning id)
      select held.ok as held, exists (select from admitted) as admitted,
        (select jsonb_build_object('id', id, 'request_digest', request_digest, 'outcome', outcome, 'request', request, 'contracts', contracts)
           from actions where tenant = $1 and agent = $3 and request_id = $4) as existing
      from held`,
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
    ],
  })
  return rows[0] as AdmissionAnswer
}
