import type { Contract } from './contract.js'
import { at, type JsonObject } from './json.js'

/** What a call spends, in cents; 0 for a tool that spends nothing, null where it cannot be told or is no amount. */
export function spendOf(
  { spend }: Pick<Contract, 'spend'>,
  known: { readonly args: JsonObject; readonly observed: JsonObject | null },
): number | null {
  if (!spend) return 0
  const amount = at(known, spend.amount_cents)
  return typeof amount === 'number' && Number.isSafeInteger(amount) && amount >= 0 ? amount : null
}
