import { defineConfig } from 'exequatur'

/** People are told, and decide, in Slack where the server is given a workspace; see `docs/SLACK.md`. */
const slack = {
  slack: {
    botToken: 'env:SLACK_BOT_TOKEN',
    appToken: 'env:SLACK_APP_TOKEN',
    team: process.env.SLACK_TEAM ?? 'T0DESK',
    tenant: 'acme',
    channels: { '#finance': process.env.SLACK_FINANCE_CHANNEL ?? 'C0FINANCE' },
    ...(process.env.SLACK_API_URL && { apiUrl: 'env:SLACK_API_URL' }),
  },
  notifications: { groups: { finance: ['slack', 'slack:#finance'], security: ['slack'] } },
} as const

export default defineConfig({
  deployment: 'refund-desk',
  tenants: ['acme'],
  groups: ['finance', 'policy', 'security', 'support'],
  stops: { group: 'security', pending: 'end' },
  reconcile: { every: '5s', effects: '30s' },
  ...(process.env.SLACK_BOT_TOKEN && slack),
  policies: './policies',
  policyCases: '../../test/policy-cases',
  tools: () => import('./tools/index.js').then(({ tools }) => tools),
  checks: (scratch) => import('./checks.js').then(({ refundDeskChecks }) => refundDeskChecks(scratch)),
})
