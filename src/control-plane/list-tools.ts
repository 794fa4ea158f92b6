import type { Contract, ContractStatus } from '../domain/contract.js'
import { ExequaturError } from '../domain/errors.js'
import type { Caller } from './control-plane.js'

/** A tool as the registry knows it. */
export interface ToolView extends Contract {
  readonly digest: string
  readonly status: ContractStatus
  readonly note: string | null
}

/** The newest version of each tool, by name. */
export function listTools({ authority }: Pick<Caller, 'authority'>): ToolView[] {
  const names = [...new Set(authority.contracts.map(({ contract }) => contract.name))].sort()
  return names.map((name) => getTool({ authority }, name))
}

/** A version of a tool, the newest by default. Throws `EXQ-1109`. */
export function getTool({ authority }: Pick<Caller, 'authority'>, name: string, version?: number): ToolView {
  const known =
    authority.contractOf(name, version) ??
    authority.contracts.findLast(({ contract }) => contract.name === name && version === undefined)
  if (!known) throw new ExequaturError('EXQ-1109', version === undefined ? name : `${name} v${version}`)
  return { ...known.contract, digest: known.digest, status: known.status, note: known.note }
}
