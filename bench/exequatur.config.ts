import { defineConfig } from 'exequatur'

export default defineConfig({
  deployment: 'bench',
  tenants: ['acme'],
  groups: ['finance', 'security', 'support'],
  policies: './policies',
  tools: () => import('./tools.js').then(({ tools }) => tools),
})
