import type { Tool } from '../src/contract/tool.js'
import type { Secrets } from '../src/credentials/secrets.js'
import type { Contract } from '../src/domain/contract.js'
import { isObject, type JsonObject, unstorable } from '../src/domain/json.js'
import { effects } from '../src/domain/lifecycle.js'
import { touchedTooMany } from '../src/domain/looks.js'
import { compare, type Known } from '../src/domain/postcondition.js'
import type { Finding } from '../src/ledger/queries/record-look.js'

/** What the answer of a tool's `verify` says: an effect by its word, or what it found, compared with the postcondition. */
export function readFinding(tool: Tool, answer: unknown, known: Known, secrets: Secrets): Finding {
  const word = effects.find((effect) => effect === answer)
  if (word) return { ...nothing, found: word }
  if (!isObject(answer) || !('found' in answer)) return unclear('the tool answered with no effect')
  const output = answer.output === undefined ? null : restoredOutput(tool, answer.output, secrets)
  if (typeof output === 'string') return unclear(output)
  const { postcondition } = tool.contract
  const restored = { ...known, output: known.output ?? output }
  if (answer.found === null) {
    const claimed = postcondition ? compare(postcondition, restored, {}).claimed : null
    return { ...nothing, found: 'not-committed', claimed }
  }
  const observed = kept(answer.found, secrets)
  if (typeof observed === 'string') return unclear(observed)
  if (!postcondition) return unclear('the contract has no postcondition to compare what was found with')
  const { holds, claimed } = compare(postcondition, restored, observed)
  return { found: holds ? 'committed' : 'diverged', detail: null, claimed, observed, output }
}

/** What was found, but `diverged` where the call says that it touched more objects than were observed. */
export function counted(contract: Contract, known: Known, finding: Finding): Finding {
  const output = known.output ?? finding.output
  const over = finding.found === 'committed' ? touchedTooMany(contract, known.observed, output) : null
  if (!over) return finding
  const { pointer, atMost, touched } = over
  return {
    ...finding,
    found: 'diverged',
    detail: `EXQ-5053 ${touched} objects were touched, ${atMost} were observed`,
    claimed: { ...finding.claimed, [pointer]: atMost },
    observed: { ...finding.observed, [pointer]: touched },
  }
}

const nothing = { detail: null, claimed: null, observed: null, output: null } as const

function unclear(detail: string): Finding {
  return { ...nothing, found: 'unknown', detail }
}

function restoredOutput(tool: Tool, output: unknown, secrets: Secrets): JsonObject | string {
  try {
    return kept(tool.parseOutput(output), secrets)
  } catch {
    return 'the output that was found again is not what the contract says'
  }
}

const largest = 16 * 1_024

/** Plain data that may be recorded; or, as text, why it may not. */
function kept(value: unknown, secrets: Secrets): JsonObject | string {
  const text = JSON.stringify(value)
  if (!isObject(value) || text === undefined) return 'what was found is no object'
  if (Buffer.byteLength(text) > largest) return `what was found is larger than ${largest} bytes`
  if (secrets.areIn(text)) return 'what was found holds a secret of the call'
  const parsed = JSON.parse(text) as JsonObject
  return unstorable(parsed) ? 'what was found holds text that cannot be kept' : parsed
}
