import { usageError } from './cli-error.js'
import { configPath } from './config-path.js'
import type { Terminal } from './terminal.js'

/**
 * Refuses a tenant, and groups of people, that the deployment does not declare: nobody would ever act there, or be asked.
 * Where EXEQUATUR_CONFIG names no configuration, anything goes. Agents may be in groups that only policies name.
 */
export async function checkDeclared(
  terminal: Terminal,
  named: { readonly tenant: string; readonly principal: string; readonly groups: readonly string[] },
): Promise<void> {
  if (!terminal.env.EXEQUATUR_CONFIG) return
  const path = configPath({}, terminal)
  const { loadConfig } = await import('../config/load-config.js')
  const { tenants, groups } = await loadConfig(path)
  if (!tenants.includes(named.tenant)) throw usageError(`${path} declares the tenants ${tenants.join(', ')}`)
  const unknown = named.principal.startsWith('person:') && named.groups.find((group) => !groups.includes(group))
  if (unknown) throw usageError(`${unknown}: ${path} declares the groups ${groups.join(', ')}`)
}
