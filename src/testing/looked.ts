import { readFinding } from '../../activities/finding.js'
import type { Verifier } from '../../activities/verifier.js'
import type { Tool } from '../contract/tool.js'
import type { Secrets } from '../credentials/secrets.js'
import type { JsonObject } from '../domain/json.js'
import type { Effect } from '../domain/lifecycle.js'

/** What a verification said; `error`: why it could not say anything. */
export interface Looked {
  readonly found: Effect
  readonly error: string | null
}

/**
 * Reads what a verification answered as an executor does. Nothing is observed in a check: what a postcondition points at in
 * `/observed` demands nothing here.
 */
export function readLooked(
  tool: Tool,
  { read }: Pick<Verifier, 'read'>,
  answer: unknown,
  known: { readonly args: JsonObject; readonly output: JsonObject | null },
  secrets: Secrets,
): Looked {
  const { found, detail } = read(readFinding(tool, answer, { ...known, observed: null }, secrets))
  return { found, error: detail }
}
