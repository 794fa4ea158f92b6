import type { CredentialSource } from '../contract/credential-source.js'
import type { Tool } from '../contract/tool.js'

/** The sources that tools name, each once. */
export function sourcesOf(tools: readonly Tool[]): CredentialSource[] {
  const named = tools.flatMap(({ credentials }) => Object.values(credentials))
  return [...new Set(named.filter((from) => typeof from !== 'string'))]
}
