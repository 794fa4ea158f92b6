import { type Risk, risks } from '../domain/contract.js'
import type { EnvelopeRow } from '../ledger/action-record.js'
import { type Admitted, pinnedContract } from './admitted.js'
import { envelopeIn } from './sealed-envelope.js'

/** The highest risk of the steps that an envelope asks for; where one is not known, the highest there is. */
export function riskOf(admitted: Admitted, row: Pick<EnvelopeRow, 'envelope'>): Risk {
  const { steps } = envelopeIn(row)
  const found = steps.map(({ id, risk }) => risk ?? pinnedContract(admitted, id)?.contract.risk ?? 'critical')
  return risks.findLast((risk) => found.includes(risk)) ?? 'critical'
}
