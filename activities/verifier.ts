import type { Tool, ToolCall } from '../src/contract/tool.js'
import { undoingSeen } from '../src/domain/compensation.js'
import type { Phase } from '../src/domain/lifecycle.js'
import type { Finding } from '../src/ledger/queries/record-look.js'

/** How what a call came to shows in the real system. */
export interface Verifier {
  readonly ask: (args: unknown, output: unknown, call: ToolCall) => Promise<unknown>
  /** The call whose idempotency key goes with the question. */
  readonly keyOf: Phase
  /** What the answer says of the call. */
  readonly read: (finding: Finding) => Finding
}

const unasked = () => Promise.resolve('unknown')

/** An undoing is looked at in its own way or, where its tool has none, by whether what it undoes is still there. */
export function verifierOf(tool: Tool, phase: Phase): Verifier {
  const { verify, verifyCompensation } = tool
  if (phase !== 'compensate') return { ask: verify ?? unasked, keyOf: phase, read: (finding) => finding }
  if (verifyCompensation) {
    // An effect by its word: a postcondition is about the call, not about its undoing.
    const word = (answer: unknown) => (typeof answer === 'string' ? answer : null)
    return {
      ask: async (...question) => word(await verifyCompensation(...question)),
      keyOf: phase,
      read: (finding) => finding,
    }
  }
  return {
    ask: verify ?? unasked,
    keyOf: 'execute',
    read: (finding) => ({ ...finding, found: undoingSeen(finding.found), claimed: null, output: null }),
  }
}
