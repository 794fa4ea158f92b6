import { checkSide } from '../src/contract/check-args.js'
import { referencesOf } from '../src/domain/plan.js'
import type { Admitted } from '../src/evidence/admitted.js'
import type { Call, ExecutorDeps } from './call.js'
import { stepOf } from './request.js'

/** A reference of the step that came to nothing: the call would not be what was asked for. */
export function unresolvedReference({ request }: Admitted, call: Call): string | null {
  if (call.ref.phase !== 'execute') return null
  const open = Object.entries(referencesOf(stepOf(request, call.ref.step))).find(([field]) => !(field in call.args))
  return open ? `${open[0]} refers to ${open[1].step}.${open[1].field}, which ${open[1].step} did not give` : null
}

/** How complete arguments fail the contract, or the tool's own schema; null if they fit both. */
export function misfitOf(deps: ExecutorDeps, call: Call): string | null {
  const [problem] = checkSide(call.contract, 'input', call.args)
  if (problem) return `${problem.pointer} ${problem.message}`
  try {
    deps.tools.get(call.contract.digest)?.parseArgs(call.args)
    return null
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  }
}
