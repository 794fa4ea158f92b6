/** What a caller says that its model took for one request. Nobody vouches for it. */
export interface ReportedUsage {
  readonly model_calls: number
  readonly tokens: number
  readonly cost_cents: number
}

/**
 * Reads `context.model.usage`: `calls`, `tokens` (else `input_tokens` and `output_tokens` together) and `cost_cents`, whole
 * numbers from 0; what is none of these, or no such number, counts as 0. Null where nothing is reported.
 */
export function readUsage(usage: unknown): ReportedUsage | null {
  if (typeof usage !== 'object' || usage === null) return null
  const said = (name: string) => {
    const value = (usage as Readonly<Record<string, unknown>>)[name]
    return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 ? value : 0
  }
  const reported = {
    model_calls: said('calls'),
    tokens: said('tokens') || Math.min(Number.MAX_SAFE_INTEGER, said('input_tokens') + said('output_tokens')),
    cost_cents: said('cost_cents'),
  }
  return Object.values(reported).some((amount) => amount > 0) ? reported : null
}
