import { defineConfig } from 'exequatur'
import { lanes } from './lanes.js'
import { toolsOf } from './tools.js'

export default defineConfig({
  deployment: 'campaign',
  tenants: ['acme', 'globex'],
  groups: ['finance', 'security', 'support'],
  policies: './policies',
  stops: { group: 'support', pending: 'wait' },
  approvals: { ttl: '10m', pendingPerAgent: 500 },
  tools: async () => [...toolsOf(), ...lanes.flatMap((lane) => toolsOf(lane))],
})
