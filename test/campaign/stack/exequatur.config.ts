import { defineConfig } from 'exequatur'
import { lanes } from './lanes.js'
import { toolsOf } from './tools.js'

interface Budget {
  readonly name: string
  readonly of: 'writes' | 'spend_cents'
  readonly limit: number
  readonly tools: readonly string[] | null
}

const budgets = (JSON.parse(process.env.CAMPAIGN_BUDGETS ?? '[]') as Budget[]).map(({ name, of, limit, tools }) => ({
  name,
  of,
  limit,
  per: ['tenant'] as const,
  window: '24h' as const,
  ...(tools && { tools }),
}))

export default defineConfig({
  deployment: 'campaign',
  tenants: ['acme', 'globex'],
  groups: ['finance', 'security', 'support'],
  policies: './policies',
  stops: { group: 'support', pending: 'wait' },
  approvals: { ttl: (process.env.CAMPAIGN_APPROVAL_TTL ?? '10m') as '10m', pendingPerAgent: 500 },
  budgets,
  tools: async () => [...toolsOf(), ...lanes.flatMap((lane) => toolsOf(lane))],
})
