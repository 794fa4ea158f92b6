import type { Contract } from '../domain/contract.js'

/** What is wrong with the views of a contract. */
export function viewProblems(_contract: Contract): string[] {
  return []
}
