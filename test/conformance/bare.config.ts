import { defineConfig } from 'exequatur'

/** A configuration that says nothing of checks. */
export default defineConfig({
  deployment: 'bare',
  tenants: ['acme'],
  groups: [],
  policies: './policies',
  tools: async () => [],
})
