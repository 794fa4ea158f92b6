import type { LimitOverrides } from '../domain/downstream-limits.js'
import { ExequaturError } from '../domain/errors.js'
import { unobserved } from './recheck-problems.js'
import { unobservedInSummary } from './summary-problems.js'
import type { Tool } from './tool.js'

/** Checks the tools of one configuration against those that they observe by. Throws `EXQ-7005`. */
export function requireObserved(tools: readonly Tool[], limits?: LimitOverrides): void {
  for (const { contract } of tools) {
    const observing = tools.filter((tool) => tool.contract.name === contract.observe?.tool)
    const problems = observing.flatMap((tool) => [
      ...unobserved(contract, tool.contract, limits),
      ...unobservedInSummary(contract, tool.contract),
    ])
    if (problems.length > 0) throw new ExequaturError('EXQ-7005', `${contract.name}: ${problems.join('; ')}`)
  }
}
