import { canonical } from '../digest.js'
import { type Amendment, type AmendmentStatement, amend, changesBetween } from '../domain/amendment.js'
import { isObject } from '../domain/json.js'
import type { ActionRequest } from '../domain/request.js'
import type { VerifySignature } from '../identity/signing-key.js'
import type { ActionRecord, AmendmentRow } from '../ledger/action-record.js'

/** A request as it would run now, and what people changed in it since it was admitted. */
export interface Effective {
  readonly request: ActionRequest
  readonly amendments: readonly (Amendment & { readonly previous_digest: string; readonly at: string })[]
}

/** Lays the amendments that count over the admitted request, in their order. Rows that nobody signed change nothing. */
export function effectiveRequest(
  deps: { readonly verifySignature: VerifySignature },
  record: Pick<ActionRecord, 'tenant' | 'id' | 'request' | 'envelopes' | 'amendments'>,
): Effective {
  let request = JSON.parse(record.request) as ActionRequest
  const amendments: Effective['amendments'][number][] = []
  for (const row of record.amendments) {
    const statement = provenStatement(deps, record, row)
    const step = request.plan.steps.find(({ id }) => id === statement?.step)
    if (!statement || !step) continue
    amendments.push({
      step: step.id,
      amended_by: statement.amended_by,
      reason: statement.reason,
      changes: changesBetween(step.args, statement.args, (one, other) => canonical(one) === canonical(other)),
      previous_digest: statement.previous_digest,
      at: statement.at,
    })
    request = amend(request, step.id, statement.args)
  }
  return { request, amendments }
}

/** What the server signed, if it signed exactly this row, of this action, about an envelope that it has. */
function provenStatement(
  deps: { readonly verifySignature: VerifySignature },
  record: Pick<ActionRecord, 'tenant' | 'id' | 'envelopes'>,
  row: AmendmentRow,
): AmendmentStatement | null {
  if (!deps.verifySignature(row.key_id, row.statement, row.signature)) return null
  const said: unknown = JSON.parse(row.statement)
  if (!isObject(said) || typeof said.at !== 'string' || !isObject(row.args)) return null
  const statement: AmendmentStatement = {
    kind: 'amendment',
    tenant: record.tenant,
    action_id: record.id,
    revision: row.revision,
    approval_id: row.approval_id,
    round: row.round,
    step: row.step,
    args: row.args,
    previous_digest: row.previous_digest,
    amended_by: row.amended_by,
    account: row.account,
    reason: row.reason,
    at: said.at,
  }
  const amended = record.envelopes.find(({ round }) => round === row.round)
  const fits = amended?.id === row.approval_id && amended.digest === row.previous_digest
  return fits && canonical(statement) === row.statement ? statement : null
}
