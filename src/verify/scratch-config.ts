import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { LoadedConfig } from '../config/load-config.js'
import type { Config } from '../contract/define-config.js'

/** The tenant that strangers come from. */
export const foreignTenant = 'verify-foreign'

/** How long an approval stays open in the scratch stack: long enough to be given, short enough to see it expire. */
export const approvalTtlMs = 30_000

/** What decides whether the guarantees hold. Nothing else is adopted: nobody outside is told of a verification. */
const adopted = [
  'deployment',
  'groups',
  'people',
  'sessionWindow',
  'budgets',
  'totals',
  'loops',
  'stops',
  'attention',
  'downstreams',
  'tools',
  'checks',
] as const satisfies readonly (keyof Config)[]

/**
 * Writes a configuration that is the adopter's, but for what a verification must not wait for: approvals expire soon, what
 * is gone is taken up soon, and there is one tenant more. Without budgets no trial uses up what another one needs.
 */
export function writeScratchConfig(config: LoadedConfig, folder: string, budgets: 'with' | 'without'): string {
  mkdirSync(folder, { recursive: true })
  // The folder may be in nobody's package, where `.ts` would be CommonJS.
  const file = join(folder, 'scratch.config.mts')
  const changes = {
    tenants: [...config.tenants, foreignTenant],
    policies: config.policies,
    approvals: { ttl: `${approvalTtlMs}ms` },
    reconcile: { every: '2s' },
    policyChanges: 'immediate',
    ...(budgets === 'without' && { budgets: [] }),
  }
  const lines = [
    `import config from ${JSON.stringify(pathToFileURL(config.file).href)}`,
    `const { ${adopted.join(', ')} } = config`,
    `export default { ${adopted.join(', ')}, ...${JSON.stringify(changes)} }`,
    '',
  ]
  writeFileSync(file, lines.join('\n'))
  return file
}
