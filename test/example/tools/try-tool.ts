import { readFinding } from '../../../activities/finding.js'
import { isNotCommitted } from '../../../src/contract/not-committed.js'
import type { Tool, ToolCall } from '../../../src/contract/tool.js'
import { secretsOf } from '../../../src/credentials/secrets.js'
import { meaningOf } from '../../../src/domain/answers.js'
import type { JsonObject } from '../../../src/domain/json.js'
import type { Effect } from '../../../src/domain/lifecycle.js'

/** Credentials that the stand-ins accept. */
export const credentials = {
  stripe: 'sk_test_refund_desk',
  tracker_email: 'desk@example.com',
  tracker_token: 'tracker_token_refund_desk',
}

export interface TryOptions {
  readonly key?: string
  readonly deadlineMs?: number
  readonly credentials?: Readonly<Record<string, string>>
}

/** Gives up early only where a fault of this mode holds the answer back. */
export const patienceWith = (mode: string): TryOptions => (mode.startsWith('hang') ? { deadlineMs: 3_000 } : {})

/** What came of one call of a tool, as an executor would see it. */
export type Tried =
  | { readonly effect: 'committed'; readonly output: Record<string, unknown> }
  | { readonly effect: 'not-committed' | 'unknown'; readonly detail: string }

/** A tool in the hands of a test, which plays the executor: parses, calls, and tells a definite no from the rest. */
export function trying(tool: Tool) {
  const call = (options: TryOptions): ToolCall => ({
    idempotencyKey: options.key ?? 'exq_execute',
    credentials: options.credentials ?? credentials,
    signal: AbortSignal.timeout(options.deadlineMs ?? 60_000),
    tenant: 'acme',
    actionId: 'act_aaaaaaaaaaaaaaaaaaaaaaaaaa',
  })
  return {
    execute: (args: object, options: TryOptions = {}) =>
      tried(tool, async () => tool.parseOutput(await tool.execute(tool.parseArgs(args), call(options)))),
    /** `output` null: the answer was lost. */
    verify: async (args: object, output: object | null, options: TryOptions = {}): Promise<Effect> => {
      if (!tool.verify) throw new Error(`${tool.contract.name} cannot be verified`)
      const answer = await tool.verify(tool.parseArgs(args), output, call(options))
      const known = { args: args as JsonObject, output: output as JsonObject | null, observed: null }
      return readFinding(tool, answer, known, secretsOf([])).found
    },
    undo: (args: object, output: object, options: TryOptions = {}) =>
      tried(tool, async () => {
        if (!tool.compensate) throw new Error(`${tool.contract.name} cannot be undone`)
        await tool.compensate(tool.parseArgs(args), output, call({ key: 'exq_compensate', ...options }))
        return {}
      }),
  }
}

/** The output of a call that has to have gone through. */
export function outputOf(tried: Tried): Record<string, unknown> {
  if (tried.effect === 'committed') return tried.output
  throw new Error(`the call came to ${tried.effect}: ${tried.detail}`)
}

async function tried(tool: Tool, work: () => Promise<Record<string, unknown>>): Promise<Tried> {
  try {
    return { effect: 'committed', output: await work() }
  } catch (error) {
    const detail = error instanceof Error ? error.message : String(error)
    const refused = isNotCommitted(error) || meaningOf(error, tool.contract.downstream) === 'no'
    return { effect: refused ? 'not-committed' : 'unknown', detail }
  }
}
