import { defineConfig } from 'exequatur'

export default defineConfig({
  deployment: 'refund-desk',
  tenants: ['acme'],
  groups: ['finance', 'policy', 'security', 'support'],
  stops: { group: 'security', pending: 'end' },
  reconcile: { every: '5s', effects: '30s' },
  policies: './policies',
  policyCases: '../../test/policy-cases',
  tools: () => import('./tools/index.js').then(({ tools }) => tools),
  checks: (scratch) => import('./checks.js').then(({ refundDeskChecks }) => refundDeskChecks(scratch)),
})
